using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Chat;

/// <summary>Who asks, of the application's users. Only a hash is kept, and not even that where nothing asks for it.</summary>
internal static class EndUser
{
    /// <summary>Hash of a request's <c>user</c>, or of its <c>safety_identifier</c>; 0 where it names nobody. The same user of another tenant has another.</summary>
    /// <remarks>What is no text is the model's business, as other members are.</remarks>
    public static ulong HashOf(JsonObjectReader root, string tenant) => Hash(Named(root, "user") ?? Named(root, "safety_identifier"), tenant);

    /// <summary>Hash of what its prompt shares with others: its <c>prompt_cache_key</c>, or else the conversation, or else the end user; 0 where it names none of them.</summary>
    /// <param name="root">The request.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="conversation">Hash of the conversation's name; 0 for none.</param>
    public static ulong AffinityOf(JsonObjectReader root, string tenant, ulong conversation = 0) =>
        Named(root, "prompt_cache_key") is { } key ? Hash($"cache {key}", tenant) : conversation != 0 ? conversation : HashOf(root, tenant);

    private static ulong Hash(string? named, string tenant) =>
        named is null ? 0 : Math.Max(1, BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\0{named}"))));

    private static string? Named(JsonObjectReader root, string member) =>
        root.Find(member) is { ValueKind: JsonValueKind.String } value && value.GetRawText() is { Length: > 2 } text ? text : null;
}
