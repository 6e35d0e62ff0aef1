package io.replog.secondary;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The secondary: a node with the secondary's defaults. */
@SpringBootApplication
public class SecondaryApplication {
    static void main(String[] args) {
        SpringApplication.run(SecondaryApplication.class, args);
    }
}
