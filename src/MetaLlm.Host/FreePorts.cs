using System.Net;
using System.Net.Sockets;

namespace MetaLlm.Host;

/// <summary>Finds ports that nobody listens on.</summary>
internal static class FreePorts
{
    /// <summary>Finds different ones on the loopback address. They are free now; another process may be quicker to take them.</summary>
    /// <param name="count">How many.</param>
    public static int[] Find(int count)
    {
        // All are held until the last is found, or one might be found twice.
        var listeners = new List<TcpListener>(count);
        try
        {
            for (var i = 0; i < count; i++)
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                listeners.Add(listener);
                listener.Start();
            }

            return [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(l => l.Dispose());
        }
    }
}
