using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;

namespace MetaLlm.Gateway.Tests;

public sealed class DeploymentOrderTests
{
    private const int Keys = 20_000;

    [Fact]
    public void Over_many_keys_each_deployment_comes_first_as_often_as_its_weight_says()
    {
        var first = Count([("a", 1), ("b", 2), ("c", 5), ("spare", 0)]);

        // Four standard deviations of a share of 20,000 draws with fixed seeds.
        Assert.Equal(1 / 8.0, first["a"], 0.01);
        Assert.Equal(2 / 8.0, first["b"], 0.0125);
        Assert.Equal(5 / 8.0, first["c"], 0.014);
        Assert.DoesNotContain("spare", first.Keys);
    }

    [Fact]
    public void A_key_keeps_its_order_and_only_what_a_deployment_had_moves_when_it_goes()
    {
        var (all, left) = (Make([("a", 1), ("b", 2), ("c", 5)]), Make([("a", 1), ("c", 5)]));
        for (var key = 1UL; key < 1000; key++)
        {
            Assert.Equal(Order(all, key).Where(name => name != "b"), Order(left, key));
            Assert.Equal(Order(all, key), Order(all, key));
        }
    }

    [Fact]
    public void Where_all_are_spares_they_share_evenly_and_spares_come_last_otherwise()
    {
        var first = Count([("a", 0), ("b", 0)]);
        Assert.Equal(0.5, first["a"], 0.02);
        Assert.All(Enumerable.Range(1, 100), key => Assert.Equal("spare", Order(Make([("spare", 0), ("a", 0.001), ("b", 9)]), (ulong)key)[^1]));
    }

    [Fact]
    public void Hashes_of_texts_are_the_same_at_every_start() => Assert.Equal(14_695_981_039_346_656_037UL, TextHash.Of(""));

    private static Dictionary<string, double> Count((string, double)[] weights)
    {
        var deployments = Make(weights);
        return Enumerable.Range(0, Keys).CountBy(key => DeploymentOrder.Of(deployments, TextHash.Of($"d-{key}"))[0].Name).ToDictionary(one => one.Key, one => one.Value / (double)Keys);
    }

    private static string[] Order(ArmDeployment[] deployments, ulong key) => [.. DeploymentOrder.Of(deployments, key).Select(deployment => deployment.Name)];

    private static ArmDeployment[] Make((string Name, double Weight)[] weights) =>
        [.. weights.Select(one => new ArmDeployment(one.Name, one.Weight, new ArmTarget(new UpstreamEndpoint { Name = "up", BaseAddress = new Uri("http://127.0.0.1/v1") }, "m", TokenPrices.PerMillion(1, 2))))];
}
