using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Batches;

/// <summary>How what is known of a batch is written, generated when the product is built.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BatchDocument))]
internal sealed partial class BatchDocumentContext : JsonSerializerContext;
