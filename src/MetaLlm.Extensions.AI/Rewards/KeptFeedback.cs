using System.Text.Json.Serialization;

namespace MetaLlm.Extensions.AI.Rewards;

/// <summary>Feedback that waits in a file; one line of JSON.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Feedback">What was sent.</param>
internal sealed record KeptFeedback(string Tenant, Feedback Feedback);

/// <summary>How <see cref="KeptFeedback"/> is written.</summary>
[JsonSourceGenerationOptions(RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(KeptFeedback))]
internal sealed partial class KeptFeedbackJson : JsonSerializerContext;
