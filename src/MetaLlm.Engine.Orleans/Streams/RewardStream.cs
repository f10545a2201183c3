
namespace MetaLlm.Engine.Orleans.Streams;

/// <summary>Names of the streams that carry rewards to their owners.</summary>
internal static class RewardStream
{
    /// <summary>Namespace of all of them; the key is the tenant. An implicit subscription listens to it on every stream provider of the silo.</summary>
    public const string Namespace = "metallm.rewards";

    /// <summary>The stream of a tenant.</summary>
    public static StreamId For(string tenant) => StreamId.Create(Namespace, tenant);
}
