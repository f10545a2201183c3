using System.ComponentModel.DataAnnotations;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>
/// Certificates by which silos and gateways know each other. All three are PEM files, and are read again when they change: connections that are made
/// after that use what is new.
/// </summary>
public sealed class ClusterTlsOptions
{
    /// <summary>This process's certificate. Where it says what it is for, that must be server and client authentication both.</summary>
    [StringLength(1024)]
    public required string CertificatePath { get; set; }

    /// <summary>The private key of the certificate, not encrypted.</summary>
    [StringLength(1024)]
    public required string KeyPath { get; set; }

    /// <summary>
    /// The authorities that certificates of the cluster come from, one or several. Whoever has a certificate of one of them is trusted, whatever name it is for: they must
    /// issue to members of the cluster alone.
    /// </summary>
    [StringLength(1024)]
    public required string CaPath { get; set; }
}
