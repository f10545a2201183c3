using MetaLlm.Core.Numerics;

namespace MetaLlm.Lab.Sessions;

/// <summary>Random numbers of one session in the order in which they are asked for.</summary>
/// <param name="key">The session's key.</param>
internal sealed class SessionDraws(ulong key)
{
    private ulong _next;

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => CounterRandom.Uniform(key, ++_next);

    /// <summary>A whole number below a count, each as likely.</summary>
    public int Below(int count) => (int)(Uniform() * count);

    /// <summary>Exponential with a mean.</summary>
    public double Exponential(double mean) => -mean * Math.Log(1 - Uniform());

    /// <summary>Log-normal with a mean, and a deviation of the logarithm.</summary>
    public double LogNormal(double mean, double spread) => mean * Math.Exp((spread * Normal()) - (spread * spread / 2));

    /// <summary>Standard normal.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());
}
