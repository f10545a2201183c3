using System.Diagnostics.Metrics;

namespace MetaLlm.Gateway.Configuration;

/// <summary>How the last reading of the configuration ended, for readiness and metrics; what was wrong with it stands in the log alone. Safe for concurrent use.</summary>
internal sealed class ReloadStatus
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "MetaLlm.Gateway";

    private readonly Counter<long> _reloads;
    private volatile ReloadOutcome _outcome;

    /// <summary>Creates the instruments.</summary>
    /// <param name="factory">Where the meter comes from; it owns the meter.</param>
    public ReloadStatus(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _reloads = meter.CreateCounter<long>("metallm.gateway.configuration.reloads", "{reload}", "Changed configurations by what became of them.");
        meter.CreateObservableGauge(
            "metallm.gateway.configuration.pending",
            () => _outcome == ReloadOutcome.InForce ? 0 : 1,
            "1",
            "1 while the configuration that was read last, or a part of it, is not in force; else 0.");
    }

    /// <summary>How the last reading ended.</summary>
    public ReloadOutcome Outcome => _outcome;

    /// <summary>The configuration was read at the start.</summary>
    /// <param name="refused">Whether it was refused for some tenants.</param>
    public void Started(bool refused) => _outcome = refused ? ReloadOutcome.Refused : ReloadOutcome.InForce;

    /// <summary>It was read again.</summary>
    /// <param name="outcome">What became of it.</param>
    public void Reloaded(ReloadOutcome outcome)
    {
        _outcome = outcome;
        _reloads.Add(1, new KeyValuePair<string, object?>("outcome", Word(outcome)));
    }

    private static string Word(ReloadOutcome outcome) => outcome switch
    {
        ReloadOutcome.InForce => "in_force",
        ReloadOutcome.NeedsRestart => "needs_restart",
        ReloadOutcome.Refused => "refused",
        _ => "failed",
    };
}
