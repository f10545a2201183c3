using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

/// <summary>How our own answers are written, generated when the product is built.</summary>
[JsonSerializable(typeof(BudgetResetBody))]
[JsonSerializable(typeof(BudgetStateBody))]
[JsonSerializable(typeof(ChangeBody))]
[JsonSerializable(typeof(DecisionBody))]
[JsonSerializable(typeof(DeletedBody))]
[JsonSerializable(typeof(DocumentBody))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(FeedbackReceiptBody))]
[JsonSerializable(typeof(GatewayBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(KeyBody))]
[JsonSerializable(typeof(KeyRequestBody))]
[JsonSerializable(typeof(ListBody<FeedbackReceiptBody>))]
[JsonSerializable(typeof(ListBody<ArchiveFileBody>))]
[JsonSerializable(typeof(ListBody<DocumentBody>))]
[JsonSerializable(typeof(ListBody<KeyBody>))]
[JsonSerializable(typeof(ListBody<ModelBody>))]
[JsonSerializable(typeof(ModelBody))]
[JsonSerializable(typeof(PageBody<ChangeBody>))]
[JsonSerializable(typeof(PageBody<TenantBody>))]
[JsonSerializable(typeof(PolicyBody))]
[JsonSerializable(typeof(QuizBody))]
[JsonSerializable(typeof(RelearnBody))]
[JsonSerializable(typeof(RetentionBody))]
[JsonSerializable(typeof(RetentionRunBody))]
[JsonSerializable(typeof(TenantBody))]
[JsonSerializable(typeof(UsageReportBody))]
[JsonSerializable(typeof(WarmStartBody))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;
