package io.replog.master;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The master: a node with the master's defaults. */
@SpringBootApplication
public class MasterApplication {
    static void main(String[] args) {
        SpringApplication.run(MasterApplication.class, args);
    }
}
