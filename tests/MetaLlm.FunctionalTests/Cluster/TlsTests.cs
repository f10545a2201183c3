using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Durability;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.FunctionalTests.Cluster;

/// <summary>Hosts that know each other by certificates.</summary>
public sealed class TlsTests
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    [PostgresFact]
    public async Task Hosts_with_certificates_serve_each_other_and_refuse_whoever_has_none_of_their_authority()
    {
        using var ours = new CertificateFolder();
        using var theirs = new CertificateFolder();
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        using (var cluster = new HostCluster(database, tenants: 6, configure: configuration => Use(configuration, ours)))
        {
            List<HostProcess> hosts = [await cluster.StartAsync(), await cluster.StartAsync(), await cluster.StartAsync("gateway")];
            await EveryoneServesAsync(cluster, hosts);

            Assert.True(await HearsAsync(cluster.SiloPorts[0], ours));
            Assert.False(await HearsAsync(cluster.SiloPorts[0], theirs));
            Assert.False(await HearsAsync(cluster.SiloPorts[0], null));

            // A new certificate takes effect in processes that run: the next one to come has no other.
            ours.Issue("renewed").Dispose();
            hosts.Add(await cluster.StartAsync());
            await EveryoneServesAsync(cluster, hosts);
        }

        await server.DropDatabaseAsync(database);
    }

    private static void Use(JsonObject configuration, CertificateFolder certificates) =>
        configuration["MetaLlm"]!["cluster"]!["tls"] = new JsonObject
        {
            ["certificatePath"] = certificates.CertificatePath, ["keyPath"] = certificates.KeyPath, ["caPath"] = certificates.CaPath,
        };

    private static async Task EveryoneServesAsync(HostCluster cluster, List<HostProcess> hosts)
    {
        foreach (var host in hosts)
        {
            foreach (var key in cluster.Keys)
            {
                await Patience.ServedAsync(_ => host.With(key).ChatAsync("Hello?"));
            }
        }
    }

    /// <summary>Whether a silo waits for the words of a peer; it closes the connection of whoever is none.</summary>
    private static async Task<bool> HearsAsync(int port, CertificateFolder? certificates)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", port);
        await using var tls = new SslStream(tcp.GetStream());
        try
        {
            using var own = certificates is null ? null : X509Certificate2.CreateFromPemFile(certificates.CertificatePath, certificates.KeyPath);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "metallm",
                ClientCertificates = own is null ? null : [own],
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
            });
            await tls.ReadExactlyAsync(new byte[1]).AsTask().WaitAsync(Silence);
            return true;
        }
        catch (TimeoutException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return false;
        }
    }
}
