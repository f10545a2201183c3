namespace MetaLlm.Engine.Ports;

/// <summary>
/// Services that do the work of a process itself. In a silo or a cluster's client, the same services without the key go by way of grains to the
/// process whose turn it is.
/// </summary>
public static class LocalServices
{
    /// <summary>
    /// Key of the process's own <see cref="IEmbedder"/>, <see cref="IChatProvider"/> and <see cref="TimeProvider"/>. One of your own is registered under
    /// it: <c>services.AddKeyedSingleton&lt;IEmbedder, MyEmbedder&gt;(LocalServices.Key)</c>.
    /// </summary>
    public const string Key = "metallm-local";
}
