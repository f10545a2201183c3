namespace MetaLlm.Aspire.Hosting;

/// <summary>Where a silo listens on the loopback address.</summary>
/// <param name="Silo">For other silos.</param>
/// <param name="Gateway">For routers without a silo.</param>
internal sealed record SiloPorts(int Silo, int Gateway)
{
    /// <summary>Ports that are free, so that several routers stand beside each other.</summary>
    public static SiloPorts Free()
    {
        var found = FreePorts.Find(2);
        return new SiloPorts(found[0], found[1]);
    }
}
