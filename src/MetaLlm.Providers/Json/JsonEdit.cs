namespace MetaLlm.Providers.Json;

/// <summary>What to do with one member of a JSON object.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="Value">Its new value as JSON; null removes the member.</param>
/// <param name="AddIfMissing">Whether to append the member where the object lacks it.</param>
/// <param name="NewName">Its new name; null keeps the old one.</param>
internal readonly record struct JsonEdit(string Name, ReadOnlyMemory<byte>? Value, bool AddIfMissing = false, string? NewName = null);
