using System.Text.Json.Nodes;
using MetaLlm.Embeddings.Models;
using MetaLlm.Embeddings.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Embeddings.Tests;

public sealed class EmbeddingModelTests
{
    [Fact]
    public void A_model_without_a_reduction_of_its_own_gets_a_seeded_one()
    {
        using var directory = new TemporaryDirectory();
        TinyModel.Write(directory.Path);
        var model = EmbeddingModel.Load(directory.Path);
        Assert.Equal("tiny-1", model.Info.Id);
        Assert.Equal(2, model.Info.Reduction.OutputDimensions);
    }

    [Fact]
    public void Every_fault_of_a_manifest_is_reported_at_once()
    {
        var errors = LoadFails(manifest =>
        {
            manifest.Remove("id");
            manifest["dimensions"] = 9000;
            manifest["tokenizer"]!["kind"] = "bytes";
            manifest["tokenizer"]!.AsObject().Remove("maxTokens");
            manifest["network"]!["pooling"] = "max";
            manifest["network"]!["file"] = "../tiny.onnx";
        });
        Assert.Equal(
            [
                "id is missing.",
                "dimensions is 9000; it must be 1 to 8192.",
                "tokenizer.kind is 'bytes'; it must be one of 'unigram', 'wordPiece'.",
                "tokenizer.maxTokens is missing.",
                "network.file is '../tiny.onnx'; it must be the name of a file in the model directory.",
                "network.pooling is 'max'; it must be one of 'none', 'mean', 'cls'.",
            ],
            errors);
    }

    [Fact]
    public void Missing_parts_are_reported()
    {
        var errors = LoadFails(manifest =>
        {
            manifest.Remove("tokenizer");
            manifest.Remove("network");
            manifest.Remove("sha256");
        });
        Assert.Equal(3, errors.Count);
    }

    [Fact]
    public void A_changed_file_is_refused()
    {
        using var directory = new TemporaryDirectory();
        TinyModel.Write(directory.Path);
        File.AppendAllText(Path.Combine(directory.Path, "vocab.txt"), "more\n");
        var error = Assert.Single(Assert.Throws<InvalidModelException>(() => EmbeddingModel.Load(directory.Path)).Errors);
        Assert.StartsWith("vocab.txt has SHA-256", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_hash_is_refused() =>
        Assert.Equal(["sha256 has no entry for vocab.txt."], LoadFails(manifest => manifest["sha256"]!.AsObject().Remove("vocab.txt")));

    [Fact]
    public void A_missing_file_is_refused() =>
        Assert.Equal(["reduction.bin does not exist."], LoadFails(manifest =>
        {
            manifest["reduction"] = "reduction.bin";
            manifest["sha256"]!["reduction.bin"] = "00";
        }));

    [Fact]
    public void A_field_that_manifests_do_not_have_is_refused() =>
        Assert.Contains("poolng", Assert.Single(LoadFails(manifest => manifest["network"]!["poolng"] = "mean")), StringComparison.Ordinal);

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    public void What_is_no_manifest_is_refused(string text)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(Path.Combine(directory.Path, "manifest.json"), text);
        Assert.Throws<InvalidModelException>(() => EmbeddingModel.Load(directory.Path));
    }

    [Fact]
    public void A_directory_without_a_manifest_is_refused()
    {
        using var directory = new TemporaryDirectory();
        var exception = Assert.Throws<InvalidModelException>(() => EmbeddingModel.Load(directory.Path));
        Assert.Equal(["manifest.json does not exist."], exception.Errors);
        Assert.Contains(directory.Path, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_faulty_vocabulary_is_refused_by_name_of_the_model()
    {
        using var directory = new TemporaryDirectory();
        TinyModel.Write(directory.Path, change: manifest => manifest["tokenizer"]!["maxTokens"] = 1);
        var exception = Assert.Throws<InvalidModelException>(() => EmbeddingModel.Load(directory.Path));
        Assert.Contains("[CLS]", exception.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> LoadFails(Action<JsonObject> change)
    {
        using var directory = new TemporaryDirectory();
        TinyModel.Write(directory.Path, change: change);
        return Assert.Throws<InvalidModelException>(() => EmbeddingModel.Load(directory.Path)).Errors;
    }
}
