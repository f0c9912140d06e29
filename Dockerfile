FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN mvn -q -B -ntp -DskipTests -pl gateway -am package

FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/sluice sluice
COPY --from=build /src/gateway/target/sluice.jar /opt/sluice/sluice.jar
# Netty reads and writes memory by Unsafe; the ways around it cost several per cent of a request.
# The classes of a start are archived, which halves its time; both starts have the same options.
RUN java --sun-misc-unsafe-memory-access=allow -Dio.netty.noUnsafe=false -Xlog:disable -XX:ArchiveClassesAtExit=/opt/sluice/sluice.jsa -jar /opt/sluice/sluice.jar rehearse
USER 10001
WORKDIR /var/lib/sluice
EXPOSE 8080
# The platform's probes ask /health/live and /health/ready; a check from inside would only double them.
HEALTHCHECK NONE
ENTRYPOINT ["java", "--sun-misc-unsafe-memory-access=allow", "-Dio.netty.noUnsafe=false", "-XX:MaxRAMPercentage=75", "-XX:SharedArchiveFile=/opt/sluice/sluice.jsa", "-jar", "/opt/sluice/sluice.jar"]
CMD ["run", "--config", "/etc/sluice"]
