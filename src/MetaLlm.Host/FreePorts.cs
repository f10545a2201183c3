using System.Net;
using System.Net.Sockets;

namespace MetaLlm;

/// <summary>Finds ports that nobody listens on.</summary>
internal static class FreePorts
{
    /// <summary>Systems give connections, and listeners of port 0, ports above 32,767 (Linux) or 49,151: none of them takes one of these between the search and its use.</summary>
    private const int First = 12_000;

    private const int Count = 20_000;

    /// <summary>Processes that search at the same moment start at different places, parents and children too.</summary>
    private static int _last = Random.Shared.Next();

    /// <summary>Finds different ones on the loopback address, none of which this process has found before.</summary>
    /// <param name="count">How many.</param>
    /// <exception cref="InvalidOperationException">All are taken.</exception>
    public static int[] Find(int count)
    {
        var found = new int[count];
        for (var i = 0; i < count; i++)
        {
            found[i] = Find();
        }

        return found;
    }

    private static int Find()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No port from {First} to {First + Count - 1} is free.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
