using System.Text.Json;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Host;
using Microsoft.Extensions.Configuration;

namespace MetaLlm.Gateway.Tests.Configuration;

public sealed class ManyTenantsTests
{
    /// <summary>What is allocated tells what is done, whatever else the machine does: a walk over all tenants for each of them shows in it.</summary>
    [Fact]
    public void Reading_a_file_takes_as_much_for_each_of_2000_tenants_as_for_each_of_200()
    {
        AllocatedFor(10);
        var (few, many) = (AllocatedFor(200), AllocatedFor(2000));
        Assert.InRange(many / 2000.0, 0, 1.5 * few / 200.0);
    }

    private static long AllocatedFor(int tenants)
    {
        var file = JsonSerializer.SerializeToUtf8Bytes(new
        {
            MetaLlm = new
            {
                upstreams = new { up = new { baseUrl = "https://api.example.com/v1" } },
                tenants = Enumerable.Range(0, tenants).Select(i => new
                {
                    id = $"tenant-{i}",
                    keyEnvironments = new[] { $"KEY_{i}" },
                    arms = Enumerable.Range(0, 8).Select(arm => new { id = $"arm-{arm}", upstream = "up", inputUsdPerMillion = 1, outputUsdPerMillion = 2 }),
                }),
            },
        });
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(file)).Build();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var settings = SettingsReader.Read<HostSettings>(configuration, new SettingsContext { Variable = name => name });
        Assert.Equal(tenants, settings.Tenants.Count);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
