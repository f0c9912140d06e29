package dev.sluice.bench.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Spring Cloud Gateway as it comes, with the one route of application.yaml. */
@SpringBootApplication
public class Proxy {
  public static void main(String[] args) {
    SpringApplication.run(Proxy.class, args);
  }
}
