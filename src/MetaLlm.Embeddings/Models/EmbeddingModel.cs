using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MetaLlm.Core.Features;
using MetaLlm.Embeddings.Reductions;
using MetaLlm.Embeddings.Tokenization;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Embeddings.Models;

/// <summary>A model directory, read and checked whole: manifest, vocabulary, reduction, and the hash of every file.</summary>
public sealed class EmbeddingModel
{
    private const string ManifestFile = "manifest.json";

    /// <summary>Outputs of the reduction of a model that brings none of its own.</summary>
    private const int DefaultReductionOutputs = 32;

    private EmbeddingModel(string directory, ModelManifest manifest, ITokenizer tokenizer, LinearReduction reduction)
    {
        ModelDirectory = directory;
        Manifest = manifest;
        Tokenizer = tokenizer;
        Info = new EmbeddingModelInfo(manifest.Space, manifest.Dimensions, reduction) { Name = manifest.Id, WholeCharacters = WholeCharacters(manifest) };
    }

    /// <summary>The directory the model was read from.</summary>
    public string ModelDirectory { get; }

    /// <summary>What the manifest says.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>Identity, dimensions and reduction.</summary>
    public EmbeddingModelInfo Info { get; }

    internal ITokenizer Tokenizer { get; }

    internal string NetworkPath => Path.Combine(ModelDirectory, Manifest.Network.File);

    /// <summary>Reads a model directory.</summary>
    /// <param name="directory">Holds manifest.json and the files it names.</param>
    /// <returns>The model; its network is loaded by the embedder that runs it.</returns>
    /// <exception cref="InvalidModelException">Something is missing, out of range or altered; the message lists all of it.</exception>
    public static EmbeddingModel Load(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        var manifest = ReadManifest(directory);
        try
        {
            return new EmbeddingModel(directory, manifest, ReadTokenizer(directory, manifest), ReadReduction(directory, manifest));
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or ArgumentException)
        {
            throw new InvalidModelException(directory, [e.Message], e);
        }
    }

    /// <summary>A character is one token at most; besides, a tokenizer adds its two marks, or one for the start of the first word.</summary>
    private static int WholeCharacters(ModelManifest manifest) =>
        Math.Max(0, manifest.Tokenizer.MaxTokens - 2 - manifest.Prefix.Normalize(NormalizationForm.FormKD).Length);

    private static ModelManifest ReadManifest(string directory)
    {
        var path = Path.Combine(directory, ManifestFile);
        if (!File.Exists(path))
        {
            throw new InvalidModelException(directory, [$"{ManifestFile} does not exist."]);
        }

        ManifestDocument? document;
        try
        {
            document = JsonSerializer.Deserialize<ManifestDocument>(File.ReadAllBytes(path), ManifestDocument.JsonOptions);
        }
        catch (JsonException e)
        {
            throw new InvalidModelException(directory, [$"{ManifestFile} is not a manifest: {e.Message}"], e);
        }

        if (document is null)
        {
            throw new InvalidModelException(directory, [$"{ManifestFile} is null."]);
        }

        var validator = new ManifestValidator(directory);
        return validator.Validate(document) ?? throw new InvalidModelException(directory, validator.Errors);
    }

    private static ITokenizer ReadTokenizer(string directory, ModelManifest manifest)
    {
        var path = Path.Combine(directory, manifest.Tokenizer.File);
        return manifest.Tokenizer.Kind switch
        {
            TokenizerKind.Unigram => UnigramTokenizer.Read(path, manifest.Tokenizer.ReservedPieces, manifest.Tokenizer.MaxTokens),
            TokenizerKind.WordPiece => WordPieceTokenizer.Read(path, manifest.Tokenizer.Lowercase, manifest.Tokenizer.MaxTokens),
            var kind => throw new ArgumentOutOfRangeException(nameof(manifest), kind, "Unknown tokenizer kind."),
        };
    }

    private static LinearReduction ReadReduction(string directory, ModelManifest manifest)
    {
        if (manifest.ReductionFile is null)
        {
            return SeededReduction.Create(manifest.Dimensions, Math.Min(DefaultReductionOutputs, manifest.Dimensions));
        }

        var bytes = File.ReadAllBytes(Path.Combine(directory, manifest.ReductionFile));
        var revision = Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];
        var reduction = ReductionFile.Parse($"{manifest.Space}/{revision}", bytes);
        return reduction.InputDimensions == manifest.Dimensions
            ? reduction
            : throw new InvalidDataException($"{manifest.ReductionFile} maps {reduction.InputDimensions} dimensions; the model has {manifest.Dimensions}.");
    }
}
