using MetaLlm.Simulator.Faults;

namespace MetaLlm.Simulator.Http;

/// <summary>The body of POST /sim/faults.</summary>
internal sealed record FaultBody(string? Model, string? Kind, double? Probability, int? Count, int? RetryAfterSeconds, double? DelaySeconds)
{
    public FaultRule ToRule()
    {
        if (!FaultNames.TryParse(Kind, out var kind))
        {
            throw new FieldException("kind", $"kind: '{Kind}' is not one of {FaultNames.Legal}.");
        }

        var rule = new FaultRule { Kind = kind, Model = Model, Count = Count };
        return rule with
        {
            Probability = Probability ?? rule.Probability,
            RetryAfterSeconds = RetryAfterSeconds ?? rule.RetryAfterSeconds,
            Delay = DelaySeconds is { } seconds ? Seconds(seconds) : rule.Delay,
        };
    }

    private static TimeSpan Seconds(double value) => value is >= 0 and <= 600
        ? TimeSpan.FromSeconds(value)
        : throw new FieldException("delay_seconds", FormattableString.Invariant($"delay_seconds: {value} is outside 0 to 600."));
}
