using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Embeddings.Models;

/// <summary>manifest.json as it is written: everything may be missing until <see cref="ManifestValidator"/> has looked.</summary>
internal sealed record ManifestDocument(
    string? Id,
    string? Space,
    string? Licence,
    int? Dimensions,
    string? Prefix,
    TokenizerDocument? Tokenizer,
    NetworkDocument? Network,
    string? Reduction,
    Dictionary<string, string>? Sha256)
{
    public static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };
}

/// <summary>The manifest's "tokenizer" object.</summary>
internal sealed record TokenizerDocument(string? Kind, string? File, int? MaxTokens, int? ReservedPieces, bool? Lowercase);

/// <summary>The manifest's "network" object.</summary>
internal sealed record NetworkDocument(
    string? File,
    string? TokenIdsInput,
    string? AttentionMaskInput,
    string? TokenTypesInput,
    string? Output,
    string? Pooling,
    bool? Normalize);
