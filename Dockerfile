# One file for the three applications:
#   docker build --network host -t replog .                        nodes: master, or secondary as first argument
#   docker build --network host --target client -t replog-client . the command line
# A node is configured by environment variables (docker-compose.yml shows a cluster).

FROM eclipse-temurin:25-jdk AS build
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends maven >/dev/null \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# First what changes seldom: the poms and the libraries that they name.
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY bin/find-jdk bin/
COPY core/pom.xml core/
COPY storage/pom.xml storage/
COPY api/pom.xml api/
COPY node/pom.xml node/
COPY master/pom.xml master/
COPY secondary/pom.xml secondary/
COPY test-client/pom.xml test-client/
COPY checker/pom.xml checker/
# The modules that only test are not here.
RUN for module in $(sed -n 's|.*<module>\(.*\)</module>.*|\1|p' pom.xml); do \
      [ -d $module ] || sed -i "/<module>$module</d" pom.xml; \
    done
ENV BUILD="-B -q -Dstyle.color=never -Dmaven.test.skip=true -pl master,secondary,test-client -am"
RUN ./mvnw $BUILD -Dmaven.main.skip=true -Dspring-boot.repackage.skip=true package
COPY . .
RUN ./mvnw $BUILD clean package
# Spring Boot's layers, libraries apart from code, so that a rebuild changes small ones. Master and secondary
# are the same node with other defaults: their libraries are the same files.
RUN java -Djarmode=tools -jar master/target/replog-master.jar extract --layers --destination /layers/master \
 && java -Djarmode=tools -jar secondary/target/replog-secondary.jar extract \
      --layers application --destination /layers/secondary

FROM eclipse-temurin:25-jre AS base
RUN groupadd --system --gid 10001 replog \
 && useradd --system --uid 10001 --gid replog --home-dir /data --no-create-home --shell /usr/sbin/nologin replog \
 && mkdir /data && chown replog:replog /data
WORKDIR /app

FROM base AS client
COPY --from=build /build/test-client/target/replog-test-client.jar ./
USER replog
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", "replog-test-client.jar"]

FROM base AS node
COPY --from=build /layers/master/dependencies/ /layers/master/spring-boot-loader/ ./
COPY bin/jvm.options bin/docker-entrypoint bin/unpack-apps bin/
COPY --from=build /layers/master/snapshot-dependencies/ /layers/master/application/ /layers/secondary/application/ ./
RUN bin/unpack-apps .
# Of glibc's pools of memory two are enough; each keeps what the compilers gave back.
ENV SERVER_ADDRESS=0.0.0.0 REPLOG_DATA_DIR=/data MALLOC_ARENA_MAX=2
USER replog
VOLUME /data
EXPOSE 5000 5001
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 \
  CMD ["/app/bin/docker-entrypoint", "health"]
ENTRYPOINT ["/app/bin/docker-entrypoint"]
CMD ["master"]
