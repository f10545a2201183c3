using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>The certificates of a member of the cluster, as its files have them at the moment. Safe for concurrent use.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A certificate that was replaced may be in use by a handshake; the collector releases it.")]
internal sealed class PeerCertificates
{
    /// <summary>Handshakes come in bursts; files change once in weeks.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ClusterTlsOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private Loaded _latest;
    private long _checked;

    /// <exception cref="ArgumentException">A file cannot be read or has not what it must; the message names the option and the file.</exception>
    public PeerCertificates(ClusterTlsOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _latest = Load(Texts.Read(options));
        _checked = time.GetTimestamp();
    }

    /// <summary>What is wrong with the files; null when nothing is.</summary>
    public static string? Problem(ClusterTlsOptions options)
    {
        try
        {
            Load(Texts.Read(options)).Own.Dispose();
            return null;
        }
        catch (ArgumentException error)
        {
            return error.Message;
        }
    }

    /// <summary>This member's own.</summary>
    public X509Certificate2 Own => Current.Own;

    private Loaded Current
    {
        get
        {
            lock (_gate)
            {
                if (_time.GetElapsedTime(_checked) >= Fresh)
                {
                    _checked = _time.GetTimestamp();
                    _latest = Reload();
                }

                return _latest;
            }
        }
    }

    /// <summary>Makes connections use them, both ways.</summary>
    public void Use(TlsOptions tls)
    {
        tls.LocalCertificate = Own;
        tls.LocalServerCertificateSelector = (_, _) => Own;
        tls.LocalClientCertificateSelector = (_, _, _, _, _) => Own;
        tls.RemoteCertificateMode = tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.RemoteCertificateValidation = Trusts;

        // Members are known by their authority; addresses come and go.
        tls.OnAuthenticateAsClient = (_, client) => client.TargetHost = "metallm";
    }

    /// <summary>Whether a peer's certificate comes from an authority of the cluster and is valid now.</summary>
    public bool Trusts(X509Certificate2 certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Current.Authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(certificate);
    }

    private Loaded Reload()
    {
        try
        {
            var texts = Texts.Read(_options);
            return texts == _latest.From ? _latest : Load(texts);
        }
        catch (ArgumentException)
        {
            // Half of a change: the files are replaced one by one. What was read last is good until the next look.
            return _latest;
        }
    }

    private static Loaded Load(Texts texts)
    {
        X509Certificate2 own;
        try
        {
            own = X509Certificate2.CreateFromPem(texts.Certificate, texts.Key);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new ArgumentException($"CertificatePath and KeyPath name no certificate with its key. {error.Message}", error);
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(texts.Ca);
        }
        catch (CryptographicException error)
        {
            throw new ArgumentException($"CaPath names no certificates. {error.Message}", error);
        }

        return authorities.Count > 0 ? new Loaded(texts, own, authorities) : throw new ArgumentException("CaPath names a file without a certificate.");
    }

    private sealed record Loaded(Texts From, X509Certificate2 Own, X509Certificate2Collection Authorities);

    private sealed record Texts(string Certificate, string Key, string Ca)
    {
        public static Texts Read(ClusterTlsOptions options) => new(
            Read(nameof(options.CertificatePath), options.CertificatePath),
            Read(nameof(options.KeyPath), options.KeyPath),
            Read(nameof(options.CaPath), options.CaPath));

        private static string Read(string option, string path)
        {
            try
            {
                return File.ReadAllText(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                throw new ArgumentException($"{option} is '{path}', which cannot be read. {error.Message}", error);
            }
        }
    }
}
