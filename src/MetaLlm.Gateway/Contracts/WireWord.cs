using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

/// <summary>Writes a value of an enumeration as its name in snake case.</summary>
internal sealed class WireWord<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
