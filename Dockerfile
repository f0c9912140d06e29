# syntax=docker/dockerfile:1
# deploy/image-check goes through the same steps without an engine for images, starts the result and
# asks it.
ARG BUILD=maven:3.9-eclipse-temurin-25
ARG RUNTIME=debian:12-slim

FROM ${BUILD} AS build
WORKDIR /src
COPY . .
RUN mvn -q -B -ntp -Dmaven.test.skip=true -Psbom -pl gateway -am package
# A Java runtime of the modules that the gateway uses, and no other.
RUN jlink --add-modules "$(cat deploy/image/modules)" --strip-debug --no-header-files --no-man-pages --compress zip-6 --generate-cds-archive --output /opt/java

FROM ${RUNTIME}
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/sluice sluice
COPY --from=build /opt/java /opt/java
COPY --from=build /src/gateway/target/sluice.jar /src/gateway/target/bom.json /opt/sluice/
# Netty reads and writes memory by Unsafe; the ways around it cost several per cent of a request.
# The classes of a start are archived, which halves its time; both starts have the same options.
RUN /opt/java/bin/java --sun-misc-unsafe-memory-access=allow -Dio.netty.noUnsafe=false -Xlog:disable -XX:ArchiveClassesAtExit=/opt/sluice/sluice.jsa -jar /opt/sluice/sluice.jar rehearse
USER 10001
WORKDIR /var/lib/sluice
EXPOSE 8080
# The platform's probes ask /health/live and /health/ready; a check from inside would only double them.
HEALTHCHECK NONE
# Nothing is written but below /tmp and the store's folder: the root may be read-only.
ENTRYPOINT ["/opt/java/bin/java", "--sun-misc-unsafe-memory-access=allow", "-Dio.netty.noUnsafe=false", "-XX:MaxRAMPercentage=75", "-XX:SharedArchiveFile=/opt/sluice/sluice.jsa", "-jar", "/opt/sluice/sluice.jar"]
CMD ["run", "--config", "/etc/sluice"]
