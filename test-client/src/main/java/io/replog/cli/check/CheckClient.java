package io.replog.cli.check;

import io.replog.api.client.ReplogClient;
import java.util.Random;

/** One client of a check: asks one thing after another. For one thread. */
final class CheckClient implements Runnable {
    private final CheckScope scope;
    private final Random random;
    private final MessageTasks messages;
    private final KeyTasks keys;

    CheckClient(int number, ReplogClient cluster, CheckScope scope, Random random) {
        this.scope = scope;
        this.random = random;
        Asker asker = new Asker(number, scope.prefix());
        messages = new MessageTasks(asker, cluster, scope, random);
        keys = new KeyTasks(asker, cluster, scope, random);
    }

    @Override
    public void run() {
        while (!scope.isOver()) {
            int dice = random.nextInt(100);
            if (dice < 15) {
                messages.post();
            } else if (dice < 22) {
                messages.list();
            } else {
                keys.any();
            }
        }
    }
}
