package org.plumbline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.SparkConf;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.TaskResourceProfile;
import org.junit.jupiter.api.Test;
import org.plumbline.config.ResourceSettings;

class ResourcesTest {
  private static final ResourceSettings GPU = new ResourceSettings(1, 0, 0, "", "");
  private static final ResourceSettings OWN = new ResourceSettings(0, 2, 4, "8g", "20g");

  private static SparkConf conf(String... pairs) {
    SparkConf conf = new SparkConf(false).set("spark.master", "yarn");
    for (int i = 0; i < pairs.length; i += 2) {
      conf.set(pairs[i], pairs[i + 1]);
    }
    return conf;
  }

  private static void check(SparkConf conf, ResourceSettings wanted) {
    Resources.requirePossible(conf, wanted, "cluster.update");
  }

  @Test
  void saysWhyItCannotGive() {
    assertThatThrownBy(() -> check(conf("spark.master", "local[4]"), GPU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot give tasks what cluster.update asks for: spark.master is local[4] (use YARN,"
                + " Kubernetes or a standalone cluster)");
    assertThatThrownBy(() -> check(conf(), GPU))
        .hasMessageContaining("cluster.update.gpu asks for: executors have no GPU")
        .hasMessageContaining("spark.executor.resource.gpu.amount");
    assertThatThrownBy(() -> check(conf(), OWN))
        .hasMessageContaining("spark.dynamicAllocation.enabled is false");
    assertThatThrownBy(() -> check(conf(), new ResourceSettings(0.7, 0, 0, "", "")))
        .hasMessageContaining("0.7 is no share of one");
  }

  @Test
  void givesWhatItCan() {
    assertThatCode(() -> check(conf("spark.executor.resource.gpu.amount", "2"), GPU))
        .doesNotThrowAnyException();
    assertThatCode(() -> check(conf("spark.dynamicAllocation.enabled", "true"), OWN))
        .doesNotThrowAnyException();
    assertThatCode(() -> check(conf("spark.master", "local-cluster[2,1,1024]"), cpus(1)))
        .doesNotThrowAnyException();
  }

  private static ResourceSettings cpus(int cpus) {
    return new ResourceSettings(0, cpus, 0, "", "");
  }

  /** It is Spark's profile for tasks alone that barrier stages with static allocation take. */
  @Test
  void tasksAloneNeedNoExecutorsOfTheirOwn() {
    ResourceProfile profile = Resources.profile(conf("spark.task.cpus", "3"), GPU);
    assertThat(profile).isInstanceOf(TaskResourceProfile.class);
    assertThat(profile.taskResourcesJMap().get("gpu").amount()).isEqualTo(1.0);
    assertThat(profile.taskResourcesJMap().get("cpus").amount()).isEqualTo(3.0);
  }

  /** Under dynamic allocation Spark starts executors for a profile, and must know their size. */
  @Test
  void underDynamicAllocationExecutorsAreNamedToo() {
    ResourceProfile profile =
        Resources.profile(
            conf(
                "spark.dynamicAllocation.enabled", "true",
                "spark.executor.cores", "4",
                "spark.executor.resource.gpu.amount", "1"),
            GPU);
    assertThat(profile.executorResourcesJMap().get("cores").amount()).isEqualTo(4);
    assertThat(profile.executorResourcesJMap().get("gpu").amount()).isEqualTo(1);
  }

  @Test
  void executorsOfTheirOwnHaveTheRestAsConfigured() {
    SparkConf conf =
        conf(
            "spark.executor.memory", "3g",
            "spark.executor.resource.gpu.amount", "2",
            "spark.executor.resource.gpu.discoveryScript", "/opt/gpus.sh");
    ResourceProfile whole = Resources.profile(conf, OWN);
    assertThat(whole).isNotInstanceOf(TaskResourceProfile.class);
    assertThat(whole.executorResourcesJMap().get("memory").amount()).isEqualTo(8192);
    assertThat(whole.executorResourcesJMap().get("memoryOverhead").amount()).isEqualTo(20480);
    assertThat(whole.executorResourcesJMap().get("cores").amount()).isEqualTo(4);
    assertThat(whole.executorResourcesJMap()).doesNotContainKey("gpu");
    conf.set("spark.task.resource.gpu.amount", "1"); // which Spark forgets for other profiles
    ResourceProfile given = Resources.profile(conf, OWN);
    assertThat(given.taskResourcesJMap().get("gpu").amount()).isEqualTo(1.0);
    assertThat(given.executorResourcesJMap().get("gpu").amount()).isEqualTo(2);
    ResourceProfile mixed = Resources.profile(conf, new ResourceSettings(0.5, 0, 4, "", ""));
    assertThat(mixed.executorResourcesJMap().get("memory").amount()).isEqualTo(3072);
    assertThat(mixed.executorResourcesJMap().get("gpu").amount()).isEqualTo(2);
    assertThat(mixed.executorResourcesJMap().get("gpu").discoveryScript())
        .isEqualTo("/opt/gpus.sh");
  }
}
