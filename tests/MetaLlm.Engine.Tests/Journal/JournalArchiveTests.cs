using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Tests.Journal;

public sealed class JournalArchiveTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Decisions_come_back_bit_for_bit_from_a_file_for_each_day()
    {
        var archive = new JournalArchive(_directory.Path);
        ArchivedDecision[] decisions = [Decision(1, Noon), Decision(2, Noon.AddHours(11.9)), Decision(3, Noon.AddHours(12))];

        await archive.WriteAsync("a/../b", decisions, default);
        await archive.WriteAsync("a/../b", decisions, default);

        Assert.Equivalent(decisions, await archive.ReadAsync("a/../b", default), strict: true);
        var read = (await archive.ReadAsync("a/../b", default))[0].Stored.Decision;
        Assert.Equal(BitConverter.DoubleToInt64Bits(-0.0), BitConverter.DoubleToInt64Bits(read.Lambda));
        Assert.Equal(decisions[0].Stored.Decision.Context, read.Context);
        Assert.Empty(await archive.ReadAsync("a", default));
        Assert.Equal(
            ["tenant=a%2F..%2Fb/day=2026-01-05/000000000001-000000000002.jsonl.gz", "tenant=a%2F..%2Fb/day=2026-01-06/000000000003-000000000003.jsonl.gz"],
            Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_directory.Path, file).Replace('\\', '/')).Order());
    }

    [Fact]
    public async Task A_damaged_file_is_named()
    {
        var archive = new JournalArchive(_directory.Path);
        await archive.WriteAsync("acme", [Decision(1, Noon)], default);
        var file = Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories).Single();
        await File.WriteAllBytesAsync(file, [1, 2, 3]);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => archive.ReadAsync("acme", default));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    private static ArchivedDecision Decision(long ordinal, DateTimeOffset at) => new(
        new StoredDecision
        {
            Decision = TestTenants.Decision("a/../b", ordinal, 0, at),
            ServedArm = "large",
            ReservedUsd = 0.1,
            BoundUsd = 1.0 / 3,
            Reward = ordinal == 2 ? null : 0.7,
            RewardWeight = 0.5,
            FeedbackCount = 1,
            Settlement = new Settlement
            {
                DecisionId = $"d-{ordinal}",
                Outcome = CallOutcome.Cut,
                Usage = new TokenUsage(1.5, 1, 2),
                CostUsd = 1e-300,
                LatencySeconds = ordinal == 2 ? null : 0.25,
                FailedAttempts = [new FailedAttempt("small", FailureKind.Timeout, new TokenUsage(3, 0, 0), 0.001, 2.5)],
            },
        },
        7,
        9);
}
