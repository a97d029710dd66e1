import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.opensearch.Version;
import org.opensearch.cluster.service.ClusterService;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;

/** An OpenSearch node with HTTP and the common analysis components. Argument: its folder, which holds config/opensearch.yml. SIGTERM ends it. */
public final class TestNode extends Node {
    /** What Node takes: from version 3 on the descriptions of plugins, before that their classes. */
    private static Collection<Object> plugins() throws ClassNotFoundException {
        boolean described = Version.CURRENT.major >= 3;
        List<Object> out = new ArrayList<>();
        for (String name : List.of("org.opensearch.transport.Netty4", "org.opensearch.analysis.common.CommonAnalysis")) {
            String type = name + (described ? "ModulePlugin" : "Plugin");
            out.add(described
                ? new PluginInfo(type, "", "1", Version.CURRENT, "" + Runtime.version().feature(), type, List.of(), false)
                : Class.forName(type));
        }
        return out;
    }

    @SuppressWarnings({"rawtypes", "unchecked"})
    private TestNode(Path home) throws ClassNotFoundException {
        super(InternalSettingsPreparer.prepareEnvironment(
            Settings.builder().put("path.home", home).build(), Map.of(), home.resolve("config"), () -> "node"), (Collection) plugins(), true);
    }

    @Override
    protected void configureNodeAndClusterIdStateListener(ClusterService service) {
        // it belongs to a log layout that is not used here
    }

    public static void main(String[] args) throws Exception {
        TestNode node = new TestNode(Path.of(args[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
                node.awaitClose(10, TimeUnit.SECONDS);
            } catch (Exception e) {
                e.printStackTrace();
            }
        }));
        node.start();
        Thread.currentThread().join();
    }
}
