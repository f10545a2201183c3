using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What became of a quiz.")]
internal sealed record QuizBody
{
    [JsonPropertyName("object"), Description("Always `metallm.quiz`."), Required]
    public string Object { get; init; } = "metallm.quiz";

    [JsonPropertyName("tenant"), Description("The tenant.")]
    public required string Tenant { get; init; }

    [JsonPropertyName("arm"), Description("The model.")]
    public required string Arm { get; init; }

    [JsonPropertyName("status"), Description("`duplicate`: the model has had these very lines."), JsonConverter(typeof(WireWord<OnboardingStatus>))]
    public required OnboardingStatus Status { get; init; }

    [JsonPropertyName("quiz_rows"), Description("Lines of all quizzes of the model.")]
    public required int QuizRows { get; init; }

    [JsonPropertyName("sequence"), Description("Number of the event among those of the tenant; null for a duplicate.")]
    public required long? Sequence { get; init; }
}
