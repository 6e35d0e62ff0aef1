package io.replog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line says where no node is needed, or none is there. */
@Timeout(30)
class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        PrintWriter outWriter = new PrintWriter(out);
        PrintWriter errWriter = new PrintWriter(err);
        return TestClient.run(new Console(outWriter, errWriter, false, true), outWriter, errWriter, args);
    }

    private void assertOneLineOfError() {
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).startsWith("error: ").doesNotContain("Exception", "\tat ", "\u001b");
    }

    @Test
    void suggestsACommandForOneThatIsUnknown() {
        assertThat(run("pots", "hello")).isEqualTo(ExitStatus.USAGE);
        assertOneLineOfError();
        assertThat(err.toString()).contains("unknown command 'pots'", "did you mean 'post'?");
    }

    @Test
    void suggestsNothingWhereNothingIsNear() {
        assertThat(run("nonsense")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("unknown command 'nonsense';").doesNotContain("did you mean");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|command",
                "post|TEXT",
                "get|KEY",
                "put key1|VALUE",
                "list --form 3|--form",
                "tail --from 0|whole number from 1",
                "tail --from soon|latest",
                "post x --timeout 5|500ms, 5s, 1m",
                "status --url ftp://x|http://host:port",
                "status --url http://127.0.0.1:99999|http://host:port",
                "demo tango|blocking, write-concern",
                "demo failovr|did you mean 'failover'?",
                "post x --timout 5s|did you mean '--timeout'?",
                "demo blocking --report out.pdf|.md or .html",
                "demo blocking --report /no/such/folder/out.md|cannot be written",
                "load --plot /no/such/folder/out.svg|cannot be written",
                "check --history /no/such/folder/h.ndjson|cannot be written",
                "post x --key k --client-id me --client-seq 1|either --key",
                "post x --client-id me|together",
                "put k v --client-id me --client-seq 0|from 1",
                "help pots|'pots'",
                "load --connections 0|from 1 to",
                "load --batch 10001|from 1 to 10000",
                "load --w some|majority or all",
                "check --faults fire|kill, pause, partition, drop, delay",
                "check --url http://127.0.0.1:1 --faults kill|without --url",
                "check --seconds 0|from 1 to",
                "check --replay nowhere.ndjson|cannot read",
            })
    void saysInOneLineWhatIsAccepted(String line, String expected) {
        String[] args = line.isEmpty() ? new String[0] : line.split(" ");

        assertThat(run(args)).isEqualTo(ExitStatus.USAGE);
        assertOneLineOfError();
        assertThat(err.toString()).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "post x",
                "list",
                "tail",
                "get a",
                "put a b",
                "set a b",
                "append a b",
                "hash a b",
                "delete a",
                "dump",
                "echo x",
                "status",
                "health",
                "faults --node a",
                "load --seconds 1",
                "check --seconds 1"
            })
    void saysInOneLineThatNobodyIsReached(String line) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String options = " --timeout 300ms --url http://127.0.0.1:" + port;

        assertThat(run((line + options).split(" "))).isEqualTo(ExitStatus.UNKNOWN);
        assertOneLineOfError();
        assertThat(err.toString()).contains("127.0.0.1:" + port, "refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--url 127.0.0.1:2,127.0.0.1:3 --timeout 300ms status",
                "status --url 127.0.0.1:2 --url 127.0.0.1:3 --timeout 300ms",
                "--timeout 300ms status --url 127.0.0.1:2,127.0.0.1:3",
            })
    void takesUrlsBeforeOrAfterTheCommandRepeatedOrInAList(String line) {
        assertThat(run(line.split(" "))).isEqualTo(ExitStatus.UNKNOWN);
        assertThat(err.toString()).contains("127.0.0.1:2 ", "127.0.0.1:3 ").doesNotContain("5000");
    }

    @Test
    void saysThatAPortIsTakenBySomethingElse() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> greet(other));

            assertThat(run("status", "--timeout", "500ms", "--url", "127.0.0.1:" + other.getLocalPort()))
                    .isEqualTo(ExitStatus.UNKNOWN);
            assertOneLineOfError();
            assertThat(err.toString()).contains("does not speak HTTP");
        }
    }

    private static void greet(ServerSocket other) {
        while (!other.isClosed()) {
            try (Socket socket = other.accept()) {
                socket.getOutputStream().write("220 mail at your service\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                return;
            }
        }
    }

    @Test
    void writesProblemsAsJsonForMachines() {
        assertThat(run("post", "x", "--json", "--timeout", "200ms", "--url", "127.0.0.1:1"))
                .isEqualTo(ExitStatus.UNKNOWN);
        assertThat(out.toString()).startsWith("{").contains("\"outcome\":\"not-stored\"", "\"status\":0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "post", "list", "tail", "get", "put", "append", "hash", "delete", "dump", "echo", "status", "health",
                "faults", "shell", "load", "demo", "check"
            })
    void helpsWithExamples(String command) {
        assertThat(run(command, "--help")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("Usage: replog-test-client " + command, "Examples:");
    }

    @Test
    void helpsByTheCommandHelpToo() {
        assertThat(run("help")).isEqualTo(ExitStatus.DONE);
        assertThat(run("help", "SET")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("Exit status: 0 done", "Usage: replog-test-client put");
    }

    @Test
    void writesACompletionScript() {
        assertThat(run("generate-completion")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("complete -F", "self-check");
    }

    @Test
    void saysWhereTheNodesAreSought(@TempDir Path empty) {
        assertThat(run("demo", "blocking", "--home", empty.toString())).isEqualTo(ExitStatus.REFUSED);
        assertOneLineOfError();
        assertThat(err.toString()).contains("replog-master.jar", "./mvnw package", "--home");
    }

    @Test
    void saysWhereANodeEndsAtItsStart(@TempDir Path home) throws IOException {
        Files.writeString(home.resolve("replog-master.jar"), "no jar");
        Files.writeString(home.resolve("replog-secondary.jar"), "no jar");

        assertThat(run("check", "--home", home.toString())).isEqualTo(ExitStatus.REFUSED);
        assertOneLineOfError();
        assertThat(err.toString()).contains("node master ended at its start", "corrupt");
    }
}
