using System.Net.Security;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Orleans.Tests.Hosting;

public sealed class PeerCertificatesTests : IDisposable
{
    private readonly CertificateFolder _ours = new();
    private readonly CertificateFolder _theirs = new();
    private readonly ManualTimeProvider _time = new();

    private ClusterTlsOptions Options => new() { CertificatePath = _ours.CertificatePath, KeyPath = _ours.KeyPath, CaPath = _ours.CaPath };

    public void Dispose()
    {
        _ours.Dispose();
        _theirs.Dispose();
    }

    [Fact]
    public void Whoever_has_a_certificate_of_our_authority_is_trusted_and_nobody_else()
    {
        var certificates = new PeerCertificates(Options, _time);
        using var member = _ours.Issue("another member");
        using var stranger = _theirs.Issue("member");
        using var expired = _ours.Issue("expired", days: -1);

        Assert.True(certificates.Trusts(member, null, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.False(certificates.Trusts(stranger, null, SslPolicyErrors.None));
        Assert.False(certificates.Trusts(expired, null, SslPolicyErrors.None));
    }

    [Fact]
    public void Files_that_change_are_read_again()
    {
        var certificates = new PeerCertificates(Options, _time);
        var first = certificates.Own.Thumbprint;
        using var issued = _ours.Issue("member");
        Assert.Equal(first, certificates.Own.Thumbprint);

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(issued.Thumbprint, certificates.Own.Thumbprint);

        File.Copy(_theirs.CaPath, _ours.CaPath, overwrite: true);
        _time.Advance(TimeSpan.FromSeconds(2));
        using var stranger = _theirs.Issue("member");
        Assert.True(certificates.Trusts(stranger, null, SslPolicyErrors.None));
        Assert.False(certificates.Trusts(issued, null, SslPolicyErrors.None));
    }

    [Fact]
    public void What_was_read_last_stands_while_a_change_is_half_done()
    {
        var certificates = new PeerCertificates(Options, _time);
        var first = certificates.Own.Thumbprint;
        var key = File.ReadAllText(_ours.KeyPath);
        using var issued = _ours.Issue("member");
        var next = File.ReadAllText(_ours.KeyPath);
        File.WriteAllText(_ours.KeyPath, key);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(first, certificates.Own.Thumbprint);

        File.WriteAllText(_ours.KeyPath, next);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(issued.Thumbprint, certificates.Own.Thumbprint);
    }

    [Fact]
    public void Files_that_cannot_be_used_are_named()
    {
        var missing = Options;
        missing.CaPath = Path.Combine(Path.GetDirectoryName(_ours.CaPath)!, "none.crt");
        Assert.Contains("CaPath is '", PeerCertificates.Problem(missing), StringComparison.Ordinal);

        var swapped = Options;
        swapped.KeyPath = _theirs.KeyPath;
        Assert.Contains("CertificatePath and KeyPath", PeerCertificates.Problem(swapped), StringComparison.Ordinal);

        var empty = Options;
        empty.CaPath = _ours.KeyPath;
        Assert.Contains("CaPath", PeerCertificates.Problem(empty), StringComparison.Ordinal);
        Assert.Null(PeerCertificates.Problem(Options));
    }

    [Fact]
    public void Certificates_are_of_no_use_on_the_loopback_address()
    {
        var error = Assert.Throws<ArgumentException>(new OrleansClusterOptions { Tls = Options }.ThrowIfInvalid);

        Assert.Contains("Tls is given", error.Message, StringComparison.Ordinal);
    }
}
