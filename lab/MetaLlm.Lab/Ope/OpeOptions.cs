using MetaLlm.Evaluation.Log;
using MetaLlm.Storage;

namespace MetaLlm.Lab.Ope;

/// <summary>What <c>metallm ope</c> was asked to do; every value is within its legal range.</summary>
internal sealed record OpeOptions
{
    /// <summary>The database with the log.</summary>
    public required StorageSettings Storage { get; init; }

    /// <summary>File that <c>metallm export</c> wrote, in place of the database; null for none.</summary>
    public string? LogFile { get; init; }

    /// <summary>Directory with decisions that the gateway dropped from the database; null for none.</summary>
    public string? Archive { get; init; }

    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>Names of policies to evaluate.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>Options of those policies.</summary>
    public IReadOnlyDictionary<string, double> PolicyOptions { get; init; } = new Dictionary<string, double>();

    /// <summary>Arms to evaluate as if they served everything.</summary>
    public IReadOnlyList<string> Arms { get; init; } = [];

    /// <summary>Whether to evaluate the uniform policy.</summary>
    public bool Uniform { get; init; }

    /// <summary>Quality per USD at which policies are asked; null for the price in force at each decision.</summary>
    public double? PriceWeight { get; init; }

    /// <summary>Weight above which SWITCH-DR trusts the model alone; null for the square root of the number of decisions.</summary>
    public double? SwitchAt { get; init; }

    /// <summary>When the decisions were made that are looked at; null for all.</summary>
    public LogPeriod? Period { get; init; }

    /// <summary>File that receives the report; null for none.</summary>
    public string? JsonFile { get; init; }
}
