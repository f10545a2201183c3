using System.ComponentModel;
using System.Text.Json.Serialization;
using MetaLlm.Core.Guarantees;

namespace MetaLlm.Gateway.Contracts;

[Description("What is proven of the answers that were served under a guarantee. Each bound holds at all times at once.")]
internal sealed record CertificateBody
{
    [JsonPropertyName("reference"), Description("The model whose answers are the measure.")]
    public required string Reference { get; init; }

    [JsonPropertyName("equality"), Description("Name of what makes two answers the same.")]
    public required string Equality { get; init; }

    [JsonPropertyName("difference"), Description("The largest rate of answers that differ, as it was promised.")]
    public required double Difference { get; init; }

    [JsonPropertyName("confidence"), Description("Confidence of the promise and of each bound; bounds of topics hold all together.")]
    public required double Confidence { get; init; }

    [JsonPropertyName("since"), Description("When it began.")]
    public required DateTimeOffset Since { get; init; }

    [JsonPropertyName("suspended"), Description("Whether all requests go to the reference, because more answers than promised are proven to have differed.")]
    public required bool Suspended { get; init; }

    [JsonPropertyName("used_up"), Description("Differences that were used up: the bounds of all requests that another model served, added up.")]
    public required double UsedUp { get; init; }

    [JsonPropertyName("allowed"), Description("Differences that were allowed: the promised rate of all requests.")]
    public required double Allowed { get; init; }

    [JsonPropertyName("pending"), Description("Comparisons whose verdict is still to come. An audit among them counts as a difference.")]
    public required int Pending { get; init; }

    [JsonPropertyName("predicted_usd"), Description("Predicted cost of all answers and all questions beside, USD.")]
    public required double PredictedUsd { get; init; }

    [JsonPropertyName("beside_usd"), Description("The part of it that questions beside cost, USD.")]
    public required double BesideUsd { get; init; }

    [JsonPropertyName("reference_usd"), Description("Predicted cost of the same requests with the reference alone, USD.")]
    public required double ReferenceUsd { get; init; }

    [JsonPropertyName("total"), Description("Everything together.")]
    public required ServedDifferenceBody Total { get; init; }

    [JsonPropertyName("topics"), Description("By topic, in the order of their first request.")]
    public required IReadOnlyList<ServedDifferenceBody> Topics { get; init; }

    [JsonPropertyName("arms"), Description("What each model served beside the reference.")]
    public required IReadOnlyList<ServedCandidateBody> Arms { get; init; }

    [JsonPropertyName("candidates"), Description("What is known of each model in each topic; those whose test has not begun are left out.")]
    public required IReadOnlyList<CandidateEvidenceBody> Candidates { get; init; }

    public static CertificateBody Of(GuaranteeReport report)
    {
        var certificate = report.Certificate;
        return new CertificateBody
        {
            Reference = report.Reference,
            Equality = report.Equality,
            Difference = certificate.Difference,
            Confidence = certificate.Confidence,
            Since = certificate.Since,
            Suspended = certificate.Suspended,
            UsedUp = certificate.UsedUp,
            Allowed = certificate.Allowed,
            Pending = report.Waiting,
            PredictedUsd = certificate.SpentUsd,
            BesideUsd = certificate.BesideUsd,
            ReferenceUsd = certificate.ReferenceUsd,
            Total = ServedDifferenceBody.Of(certificate.Total),
            Topics = [.. certificate.Topics.Select(ServedDifferenceBody.Of)],
            Arms = [.. certificate.Arms.Select(arm => new ServedCandidateBody { Id = report.Candidates[arm.Arm], Requests = arm.Requests, Audits = arm.Audits, Differing = arm.Differing })],
            Candidates =
            [
                .. certificate.Candidates.Select(one => new CandidateEvidenceBody
                {
                    Topic = one.Topic, Id = report.Candidates[one.Arm], Comparisons = one.Comparisons, Differing = one.Differing, Bound = one.Bound, Restarts = one.Restarts,
                }),
            ],
        };
    }
}
