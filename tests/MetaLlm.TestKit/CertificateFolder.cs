using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MetaLlm.TestKit;

/// <summary>An authority and certificates of it, as PEM files in a folder of their own.</summary>
public sealed class CertificateFolder : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    /// <summary>Makes the authority and one certificate.</summary>
    /// <param name="name">Name of the authority.</param>
    public CertificateFolder(string name = "authority")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddYears(1));
        File.WriteAllText(CaPath, _authority.ExportCertificatePem());
        Issue("member");
    }

    /// <summary>The certificate that was issued last.</summary>
    public string CertificatePath => Path.Combine(_directory.Path, "tls.crt");

    /// <summary>Its key.</summary>
    public string KeyPath => Path.Combine(_directory.Path, "tls.key");

    /// <summary>The authority.</summary>
    public string CaPath => Path.Combine(_directory.Path, "ca.crt");

    /// <summary>Issues a certificate, in the place of the last one.</summary>
    /// <param name="name">Whom it is for.</param>
    /// <param name="days">For how many days it is valid; below zero for one that has expired.</param>
    /// <returns>The certificate.</returns>
    public X509Certificate2 Issue(string name, int days = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        var until = DateTimeOffset.UtcNow.AddDays(days);
        var issued = request.Create(_authority, until.AddDays(-60) < _authority.NotBefore ? _authority.NotBefore : until.AddDays(-60), until, RandomNumberGenerator.GetBytes(12));
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(CertificatePath, issued.ExportCertificatePem());
        return issued;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
        _directory.Dispose();
    }
}
