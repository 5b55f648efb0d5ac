import java.io.File;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.DatasetsApi;
import org.openapitools.client.api.InferenceApi;
import org.openapitools.client.api.JobsApi;
import org.openapitools.client.api.MethodsApi;
import org.openapitools.client.api.ModelsApi;
import org.openapitools.client.model.*;

/** A job from upload to inference through nothing but generated code. Fails where it ends early. */
public class Caller {

  public static void main(String[] args) throws Exception {
    ApiClient client = new ApiClient();
    client.updateBaseUri(args[0]);
    JobsApi jobs = new JobsApi(client);
    DatasetsApi datasets = new DatasetsApi(client);
    check(new MethodsApi(client).listMethods().size() > 10, "methods");

    Dataset dataset = datasets.uploadDataset(quadrants(), "quadrants");
    check(datasets.previewDataset(dataset.getId(), 3, null, null, null, null).getRows().size() == 3, "preview");
    JobSpec spec =
        new JobSpec()
            .dataset(new DatasetSpec().uri("dataset:" + dataset.getId()))
            .teacher(
                new TeacherSpec()
                    .architecture(mlp(64, 64))
                    .training(new TrainingSpec().epochs(30)))
            .student(new StudentSpec().architecture(mlp(8)))
            .objective(
                new ObjectiveSpec()
                    .tau(2.0)
                    .tauSchedule(new TauSchedule())
                    .terms(List.of(new TermSpec(new Similarity().type(Similarity.TypeEnum.SIMILARITY)))))
            .training(
                new TrainingSpec()
                    .epochs(10)
                    .batching(new BatchingSpec())
                    .schedule(new ScheduleSpec(new CosineSchedule().type(CosineSchedule.TypeEnum.COSINE))));
    DryRun dry = jobs.dryRunJob(spec);
    check(dry.getFormula().startsWith("loss = CE"), dry.getFormula());

    Job job = jobs.submitJob(spec, "client-" + dataset.getId(), null);
    check(job.getId().equals(jobs.submitJob(spec, "client-" + dataset.getId(), null).getId()), "idempotency");
    job = jobs.getJob(job.getId(), "60s");
    check(job.getStatus() == Job.StatusEnum.SUCCEEDED, job.toString());
    UUID id = job.getId();
    System.out.println(jobs.getJobReport(id).getVerdict() + " " + jobs.getJobReport(id).getStudent().getAccuracy());
    for (Artifact artifact : jobs.listJobArtifacts(id).getData()) {
      File file = jobs.downloadJobArtifact(id, artifact.getName());
      check(file.length() == artifact.getBytes(), artifact.getName());
    }
    check(!jobs.listJobEvents(id, 100, null, null).getData().isEmpty(), "events");
    check(!jobs.listJobMetrics(id, null, null).getData().isEmpty(), "metrics");

    Model student = new ModelsApi(client).listModels(1, null).getData().get(0);
    InferenceInput row =
        new InferenceInput()
            .name(InferenceInput.NameEnum.FEATURES)
            .datatype("FP32")
            .shape(List.of(1L, 2L))
            .data(List.of(1f, 1f));
    check(
        new InferenceApi(client)
                .infer(student.getId().toString(), new InferenceRequest().inputs(List.of(row)))
                .getOutputs()
                .get(0)
                .getData()
                .size()
            == 2,
        "inference");

    try {
      jobs.submitJob(new JobSpec().dataset(new DatasetSpec().uri("sample:mnist1d")), null, null);
      check(false, "a job without a teacher was taken");
    } catch (ApiException e) {
      check(e.getCode() == 400 && e.getResponseBody().contains("/teacher"), e.toString());
    }
    jobs.deleteJob(id);
    datasets.deleteDataset(dataset.getId());
  }

  private static Architecture mlp(int... hidden) {
    List<Integer> widths = new ArrayList<>();
    for (int width : hidden) {
      widths.add(width);
    }
    return new Architecture(new Mlp().type(Mlp.TypeEnum.MLP).hidden(widths));
  }

  private static File quadrants() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder csv = new StringBuilder("a,b,label\n");
    for (int i = 0; i < 600; i++) {
      double a = random.nextDouble(-1, 1);
      double b = random.nextDouble(-1, 1);
      csv.append(a).append(',').append(b).append(',').append(a * b > 0 ? "same" : "other").append('\n');
    }
    File file = File.createTempFile("quadrants", ".csv");
    Files.writeString(file.toPath(), csv);
    return file;
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
