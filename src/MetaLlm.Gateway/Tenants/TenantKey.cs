using System.Security.Cryptography;
using System.Text;

namespace MetaLlm.Gateway.Tenants;

/// <summary>Keys are held as hashes and compared in constant time.</summary>
internal static class TenantKey
{
    /// <summary>What clients that cannot leave the key out may send where an anonymous tenant is served.</summary>
    public const string Anonymous = "anonymous";

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    public static bool Same(byte[] left, byte[] right) => CryptographicOperations.FixedTimeEquals(left, right);
}
