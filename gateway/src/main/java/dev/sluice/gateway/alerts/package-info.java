/**
 * Who is told of what, once: alarms are what is wrong at the moment, incidents are outages from
 * their first alarm to their end, messages are what teams are sent of them. Everything but {@link
 * dev.sluice.gateway.alerts.Couriers} is pure.
 */
@NullMarked
package dev.sluice.gateway.alerts;

import org.jspecify.annotations.NullMarked;
