package io.replog.cli.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What an experiment was run on. */
public final class Environment {
    private static final double GIGABYTE = 1e9;

    private Environment() {}

    /** Facts by name, in order. */
    public static Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        String version = Environment.class.getPackage().getImplementationVersion();
        facts.put("Date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("replog", version == null ? "not packaged" : version);
        facts.put("Java", System.getProperty("java.vm.name") + " " + Runtime.version());
        facts.put("Operating system", machine.getName() + " " + machine.getVersion() + ", " + machine.getArch());
        facts.put("Processors", Runtime.getRuntime().availableProcessors() + processorModel());
        facts.put("Memory", String.format(Locale.ROOT, "%.1f GB", machine.getTotalMemorySize() / GIGABYTE));
        double load = machine.getSystemLoadAverage();
        if (load >= 0) {
            facts.put(
                    "Load when this was written",
                    String.format(Locale.ROOT, "%.1f, the average of a minute, with the nodes' own", load));
        }
        facts.put("Storage", storage());
        facts.put("Network", "loopback: all processes on one machine");
        return facts;
    }

    /** Linux alone tells it in a file. */
    private static String processorModel() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> " × " + line.substring(line.indexOf(':') + 1).strip())
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private static String storage() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            return Files.getFileStore(folder).type() + " at " + folder + ", forced (fsync) before each acknowledgement";
        } catch (IOException e) {
            return folder.toString();
        }
    }
}
