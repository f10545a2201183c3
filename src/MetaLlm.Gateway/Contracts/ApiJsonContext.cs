using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

/// <summary>How our own answers are written, generated when the product is built.</summary>
[JsonSerializable(typeof(DecisionBody))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(FeedbackReceiptBody))]
[JsonSerializable(typeof(GatewayBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(ListBody<FeedbackReceiptBody>))]
[JsonSerializable(typeof(ListBody<ModelBody>))]
[JsonSerializable(typeof(ModelBody))]
[JsonSerializable(typeof(PolicyBody))]
[JsonSerializable(typeof(QuizBody))]
[JsonSerializable(typeof(RelearnBody))]
[JsonSerializable(typeof(WarmStartBody))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;
