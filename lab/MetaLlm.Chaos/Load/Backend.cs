using System.Net.Http.Headers;

namespace MetaLlm.Chaos.Load;

/// <summary>A host as a load balancer sees it.</summary>
internal sealed class Backend : IDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2);

    private readonly Lock _changing = new();
    private readonly int _rise;
    private readonly int _fall;
    private Session _session;
    private int _successes;
    private int _failures;
    private bool _up;

    /// <param name="number">The host's number.</param>
    /// <param name="address">Where it serves clients.</param>
    /// <param name="rise">Successful probes in a row after which it gets requests.</param>
    /// <param name="fall">Failed probes after which it gets no more requests.</param>
    public Backend(int number, Uri address, int rise, int fall)
    {
        Number = number;
        Address = address;
        (_rise, _fall) = (rise, fall);
        _session = new Session(address);
    }

    /// <summary>The host's number.</summary>
    public int Number { get; }

    /// <summary>Where it serves clients.</summary>
    public Uri Address { get; }

    /// <summary>Whether it gets requests.</summary>
    public bool IsUp => Volatile.Read(ref _up);

    /// <summary>Its connections at present, and what tells that they were given up.</summary>
    public (HttpClient Http, CancellationToken GivenUp) Connections
    {
        get
        {
            lock (_changing)
            {
                return (_session.Http, _session.GivenUp);
            }
        }
    }

    /// <summary>Takes note of a probe. A host that falls out loses its connections, with what is under way on them.</summary>
    /// <param name="ready">Whether the host said that it can serve.</param>
    public void Note(bool ready)
    {
        Session? old = null;
        lock (_changing)
        {
            (_successes, _failures) = ready ? (_successes + 1, 0) : (0, _failures + 1);
            if (_successes >= _rise)
            {
                _up = true;
            }
            else if (_up && _failures >= _fall)
            {
                _up = false;
                old = _session;
                _session = new Session(Address);
            }
        }

        old?.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private sealed class Session : IDisposable
    {
        private readonly CancellationTokenSource _givenUp = new();

        public Session(Uri address)
        {
            GivenUp = _givenUp.Token;
            Http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = ConnectLimit, UseCookies = false, AllowAutoRedirect = false })
            {
                BaseAddress = address,
                Timeout = Timeout.InfiniteTimeSpan,
            };
            Http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
        }

        public HttpClient Http { get; }

        public CancellationToken GivenUp { get; }

        public void Dispose()
        {
            _givenUp.Cancel();
            _givenUp.Dispose();
            Http.Dispose();
        }
    }
}
