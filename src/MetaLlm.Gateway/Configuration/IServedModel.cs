using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>A model that an upstream or several deployments serve: an arm, or an embedding model.</summary>
internal interface IServedModel
{
    /// <summary>Name of the upstream; null where each deployment names its own.</summary>
    string? Upstream { get; }

    /// <summary>Places or keys that serve it; empty for the upstream alone.</summary>
    IReadOnlyList<DeploymentSettings> Deployments { get; }

    /// <summary>Prices that hold from later moments on, in order.</summary>
    IReadOnlyList<DatedPriceSettings> Prices { get; }

    /// <summary>Prices that hold until the first of <see cref="Prices"/> does.</summary>
    UsagePrices FirstPrices { get; }
}
