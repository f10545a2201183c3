using System.Globalization;
using MetaLlm.Benchmarks.Overload;

// See README.md beside this file.
(string Name, int Clients, double Patience, bool Heed)[] storms =
[
    ("50 clients, patience 60 s", 50, 60, true),
    ("150 clients, patience 60 s", 150, 60, true),
    ("600 clients, patience 60 s", 600, 60, true),
    ("600 clients, patience 1.5 s", 600, 1.5, true),
    ("600 clients, patience 1.5 s, again at once", 600, 1.5, false),
];

var checkouts = new List<(string Name, string Directory)> { ("this", Value("--root") ?? Directory.GetCurrentDirectory()) };
if (Value("--baseline") is { } baseline)
{
    checkouts.Insert(0, ("before", baseline));
}

var seconds = TimeSpan.FromSeconds(double.Parse(Value("--seconds") ?? "15", CultureInfo.InvariantCulture));
var rounds = int.Parse(Value("--rounds") ?? "1", CultureInfo.InvariantCulture);
var warmUp = TimeSpan.FromSeconds(5);
await using var upstream = await Upstream.StartAsync();
Console.WriteLine("| | answers/s | p50, ms | p99, ms | turned away/s | left/s | failed/s | upstream calls/s |");
Console.WriteLine("|---|---|---|---|---|---|---|---|");
for (var round = 0; round < rounds; round++)
{
    foreach (var storm in storms.Where(s => Value("--only") is not { } only || s.Name.Contains(only, StringComparison.Ordinal)))
    {
        foreach (var (name, directory) in checkouts)
        {
            using var gateway = await StartAsync(name, directory);
            using var clients = new Clients(gateway.Address, storm.Heed);
            var before = upstream.Calls;
            var result = await clients.RunAsync(storm.Clients, TimeSpan.FromSeconds(storm.Patience), warmUp, seconds, Gateway.Key(0));
            Write($"{storm.Name}, {name}", result, (upstream.Calls - before) / (warmUp + seconds).TotalSeconds);
        }
    }

    if (Value("--only") is null or "neighbour")
    {
        foreach (var (name, directory) in checkouts)
        {
            // What four clients of one tenant see beside 300 of another, which ask for more than there is.
            using var gateway = await StartAsync(name, directory);
            using var noisy = new Clients(gateway.Address, heed: false);
            using var quiet = new Clients(gateway.Address, heed: false);
            var storm = noisy.RunAsync(300, TimeSpan.FromSeconds(60), warmUp, seconds, Gateway.Key(0));
            var result = await quiet.RunAsync(4, TimeSpan.FromSeconds(60), warmUp, seconds, Gateway.Key(1));
            Write($"4 clients beside 300 of a neighbour, {name}", result, double.NaN);
            Write($"the 300, {name}", await storm, double.NaN);
        }
    }
}

async Task<Gateway> StartAsync(string name, string directory)
{
    var gateway = await Gateway.StartAsync(directory, upstream.Address, tenants: 2, name == "this" ? Value("--routing") : null);

    // The compiler's second tier comes after many calls.
    using var first = new Clients(gateway.Address, heed: true);
    await first.RunAsync(32, TimeSpan.FromSeconds(60), TimeSpan.Zero, warmUp, Gateway.Key(0));
    return gateway;
}

void Write(string row, Result result, double calls) => Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"| {row} | {result.Answered:0} | {1000 * result.Median:0} | {1000 * result.P99:0} | {result.TurnedAway:0} | {result.Left:0} | {result.Failed:0} | {calls:0} |"));

string? Value(string option) => Array.IndexOf(args, option) is >= 0 and var place && place + 1 < args.Length ? args[place + 1] : null;
