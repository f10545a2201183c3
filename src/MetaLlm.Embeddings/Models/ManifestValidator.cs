using System.Security.Cryptography;

namespace MetaLlm.Embeddings.Models;

/// <summary>Turns a manifest as written into one that can be relied on, or into the list of all its faults.</summary>
internal sealed class ManifestValidator(string directory)
{
    private const int LargestSize = 8192;

    private readonly List<string> _errors = [];
    private readonly List<string> _files = [];

    public IReadOnlyList<string> Errors => _errors;

    /// <summary>The checked manifest; null when there are <see cref="Errors"/>.</summary>
    public ModelManifest? Validate(ManifestDocument document)
    {
        var id = Required(document.Id, "id");
        var space = document.Space is null ? id : Required(document.Space, "space");
        var licence = Required(document.Licence, "licence");
        var dimensions = InRange(document.Dimensions, "dimensions", 1, LargestSize);
        var tokenizer = Tokenizer(document.Tokenizer);
        var network = Network(document.Network);
        var reduction = document.Reduction is null ? null : FileName(document.Reduction, "reduction");
        CheckFiles(document.Sha256);
        return _errors.Count > 0
            ? null
            : new ModelManifest(id, space, licence, dimensions, document.Prefix ?? string.Empty, tokenizer!, network!, reduction);
    }

    private TokenizerManifest? Tokenizer(TokenizerDocument? document)
    {
        if (document is null)
        {
            _errors.Add("tokenizer is missing.");
            return null;
        }

        var kind = Choice<TokenizerKind>(document.Kind, "tokenizer.kind");
        var file = FileName(document.File, "tokenizer.file");
        var maxTokens = InRange(document.MaxTokens, "tokenizer.maxTokens", 1, LargestSize);
        var reserved = InRange(document.ReservedPieces ?? 0, "tokenizer.reservedPieces", 0, int.MaxValue);
        return new TokenizerManifest(kind, file, maxTokens, reserved, document.Lowercase ?? true);
    }

    private NetworkManifest? Network(NetworkDocument? document)
    {
        if (document is null)
        {
            _errors.Add("network is missing.");
            return null;
        }

        return new NetworkManifest(
            FileName(document.File, "network.file"),
            Required(document.TokenIdsInput, "network.tokenIdsInput"),
            Required(document.AttentionMaskInput, "network.attentionMaskInput"),
            document.TokenTypesInput,
            Required(document.Output, "network.output"),
            Choice<PoolingKind>(document.Pooling, "network.pooling"),
            document.Normalize ?? true);
    }

    private string Required(string? value, string field)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            _errors.Add($"{field} is missing.");
        }

        return value ?? string.Empty;
    }

    private int InRange(int? value, string field, int least, int most)
    {
        if (value is null)
        {
            _errors.Add($"{field} is missing.");
        }
        else if (value < least || value > most)
        {
            _errors.Add($"{field} is {value}; it must be {least} to {most}.");
        }

        return value ?? least;
    }

    private T Choice<T>(string? value, string field)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>();
        var found = Array.FindIndex(names, name => name.Equals(value, StringComparison.OrdinalIgnoreCase));
        if (found >= 0)
        {
            return Enum.GetValues<T>()[found];
        }

        var legal = string.Join(", ", names.Select(name => $"'{char.ToLowerInvariant(name[0])}{name[1..]}'"));
        _errors.Add(value is null ? $"{field} is missing; it must be one of {legal}." : $"{field} is '{value}'; it must be one of {legal}.");
        return default;
    }

    private string FileName(string? value, string field)
    {
        var name = Required(value, field);
        if (name.Length == 0)
        {
            return name;
        }

        if (name != Path.GetFileName(name) || name is "." or "..")
        {
            _errors.Add($"{field} is '{name}'; it must be the name of a file in the model directory.");
        }
        else
        {
            _files.Add(name);
        }

        return name;
    }

    private void CheckFiles(Dictionary<string, string>? hashes)
    {
        if (hashes is null)
        {
            _errors.Add("sha256 is missing; it must give the SHA-256 of every file the manifest names.");
            return;
        }

        foreach (var file in _files.Where(file => !hashes.ContainsKey(file)))
        {
            _errors.Add($"sha256 has no entry for {file}.");
        }

        foreach (var (file, expected) in hashes.Where(entry => entry.Key == Path.GetFileName(entry.Key)))
        {
            CheckHash(file, expected);
        }
    }

    private void CheckHash(string file, string expected)
    {
        var path = Path.Combine(directory, file);
        if (!File.Exists(path))
        {
            _errors.Add($"{file} does not exist.");
            return;
        }

        using var stream = File.OpenRead(path);
        var actual = Convert.ToHexStringLower(SHA256.HashData(stream));
        if (!actual.Equals(expected, StringComparison.OrdinalIgnoreCase))
        {
            _errors.Add($"{file} has SHA-256 {actual}; the manifest says {expected}.");
        }
    }
}
