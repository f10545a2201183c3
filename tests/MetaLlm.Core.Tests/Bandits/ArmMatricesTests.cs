using MetaLlm.Core.Bandits.Flagship;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Bandits;

public sealed class ArmMatricesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 3)]
    [InlineData(6, 8)]
    [InlineData(7, 13)]
    public void Every_arm_is_what_it_would_be_by_itself(int n, int arms)
    {
        var together = new ArmMatrices(n, arms);
        var inverses = new double[arms][];
        var sums = Enumerable.Range(0, arms).Select(_ => new double[n]).ToArray();
        var scratch = new double[n];
        for (var a = 0; a < arms; a++)
        {
            inverses[a] = PackedMatrix.Diagonal(Enumerable.Range(0, n).Select(i => 1.0 / (1 + i + a)).ToArray());
            together.Set(a, inverses[a]);
        }

        for (var t = 0; t < 10 * arms; t++)
        {
            var a = (t * 7) % arms;
            var x = Vector(n, t);
            together.Observe(together.Open(a, x, scratch), 1);
            together.AddToSum(a, x, 0.1 * t);
            PackedMatrix.AddOuterToInverse(inverses[a], x, 1, scratch);
            Kernels.MultiplyAdd(x, 0.1 * t, sums[a]);
        }

        var shared = Vector(n, 999);
        together.RefreshAll(shared);
        var probe = Vector(n, 1000);
        var (dots, quadratics) = (new double[arms], new double[arms]);
        together.Evaluate(probe, dots, quadratics);
        for (var a = 0; a < arms; a++)
        {
            var theta = new double[n];
            Kernels.MultiplyAdd(shared, 1, sums[a]);
            PackedMatrix.Multiply(inverses[a], sums[a], theta);
            Assert.Equal(Kernels.Dot(theta, probe), dots[a], 1e-9);
            Assert.Equal(dots[a], together.Dot(a, probe), 1e-12);
            Assert.Equal(PackedMatrix.Quadratic(inverses[a], probe), quadratics[a], 1e-10);
            Assert.Equal(quadratics[a], together.Open(a, probe, scratch).Quadratic, 1e-12);
        }
    }

    [Fact]
    public void One_arm_refreshed_alone_equals_all_refreshed_together()
    {
        const int n = 6;
        var (alone, all) = (Learned(n, 5), Learned(n, 5));
        alone.Refresh(2, new double[n]);
        all.RefreshAll(new double[n]);
        Assert.Equal(all.Dot(2, Vector(n, 5)), alone.Dot(2, Vector(n, 5)), 1e-12);
    }

    [Fact]
    public void An_arm_keeps_what_it_knows_in_another_place_of_another_set()
    {
        const int n = 6;
        var before = Learned(n, 5);
        before.RefreshAll(new double[n]);
        var after = new ArmMatrices(n, 9);
        after.Copy(7, before, 3);
        var x = Vector(n, 77);
        Assert.Equal(before.Dot(3, x), after.Dot(7, x));
        Assert.Equal(before.Open(3, x, new double[n]).Quadratic, after.Open(7, x, new double[n]).Quadratic);
    }

    private static ArmMatrices Learned(int n, int arms)
    {
        var matrices = new ArmMatrices(n, arms);
        var scratch = new double[n];
        for (var a = 0; a < arms; a++)
        {
            matrices.Set(a, PackedMatrix.Diagonal(Enumerable.Repeat(0.5, n).ToArray()));
        }

        for (var t = 0; t < 50; t++)
        {
            matrices.Observe(matrices.Open(t % arms, Vector(n, t), scratch), 1);
            matrices.AddToSum(t % arms, Vector(n, t), CounterRandom.Uniform(4, (ulong)t));
        }

        return matrices;
    }

    private static double[] Vector(int n, int key) =>
        [.. Enumerable.Range(0, n).Select(j => (2 * CounterRandom.Uniform((ulong)key + 11, (ulong)j)) - 1)];
}
