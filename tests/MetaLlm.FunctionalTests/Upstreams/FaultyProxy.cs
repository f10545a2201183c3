using System.Collections.Concurrent;
using System.Net.Sockets;

namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>A TCP proxy on loopback whose network can be made to fail, for connections that exist as for new ones.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    /// <summary>How much of an answer comes through before a cut: headers alone, and some of the content too.</summary>
    private static readonly int[] CutAfterBytes = [150, 500];

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(40);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private readonly int _port;
    private Task _accepting = Task.CompletedTask;
    private CancellationTokenSource _waking = new();
    private int _fault;
    private int _cuts;

    /// <param name="port">Where the upstream listens.</param>
    public FaultyProxy(int port)
    {
        _port = port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1");

    /// <summary>What the network does from now on. Connections that hung go on.</summary>
    public NetworkFault Fault
    {
        get => (NetworkFault)Volatile.Read(ref _fault);
        set
        {
            Volatile.Write(ref _fault, (int)value);
            using var waking = Interlocked.Exchange(ref _waking, new CancellationTokenSource());
            waking.Cancel();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Fault = NetworkFault.Reset;
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stopping.Dispose();
        _waking.Dispose();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync(_stopping.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            var serving = ServeAsync(client);
            _connections[serving] = 0;
            _ = serving.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var upstream = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await upstream.ConnectAsync(IPAddress.Loopback, _port, _stopping.Token);
                var there = PumpAsync(client, upstream, isAnswer: false);
                var back = PumpAsync(upstream, client, isAnswer: true);
                await await Task.WhenAny(there, back);

                // One direction has ended; so does the other.
                upstream.Close();
                client.Close();
                await Task.WhenAll(there, back);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // One side is gone, or was made to go.
                client.LingerState = new LingerOption(true, 0);
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[16 * 1024];
        var (passed, limit) = (0, CutAfterBytes[Interlocked.Increment(ref _cuts) % CutAfterBytes.Length]);
        while (true)
        {
            var read = await from.ReceiveAsync(buffer, _stopping.Token);
            if (read == 0)
            {
                return;
            }

            var fault = await PassAsync();
            if (fault == NetworkFault.Reset)
            {
                throw new SocketException((int)SocketError.ConnectionReset);
            }

            if (isAnswer && fault == NetworkFault.Latency)
            {
                await Task.Delay(Delay, _stopping.Token);
            }

            passed = isAnswer && fault == NetworkFault.Cut ? passed + read : 0;
            if (passed > limit)
            {
                await to.SendAsync(buffer.AsMemory(0, Math.Max(0, read - (passed - limit))), _stopping.Token);
                return;
            }

            await to.SendAsync(buffer.AsMemory(0, read), _stopping.Token);
        }
    }

    /// <summary>Waits while the network hangs.</summary>
    private async Task<NetworkFault> PassAsync()
    {
        while (Fault == NetworkFault.Hang)
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(Volatile.Read(ref _waking).Token, _stopping.Token);
            if (Fault == NetworkFault.Hang)
            {
                await Task.Delay(Timeout.Infinite, wait.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }

            _stopping.Token.ThrowIfCancellationRequested();
        }

        return Fault;
    }
}
