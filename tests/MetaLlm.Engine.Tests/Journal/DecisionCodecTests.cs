using System.Buffers.Binary;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Tests.Journal;

public sealed class DecisionCodecTests
{
    // Decision 1 of TestTenants as layout 1 had it.
    private const string Layout1 = 
        "010000000b000000736f6d652d706f6c69637903000000010600000074c3a2636865000000000000294005000000736d616c6c000000000000e83f55" +
        "5555555555d53ffeffffffffffffff0000000000000080000000000000f03f000000000000e03f0000000000000040fca9f1d24d62503f0200000005" +
        "000000736d616c6c000000000000e03f9a9999999999b93ffca9f1d24d62503f000000000000f83f01000000000000d03f000000000000e83f000500" +
        "00006c61726765cdccccccccccec3f9a9999999999c93f9a9999999999b93f000000000000f8ff000000000000000000010800000064697361626c65" +
        "64";

    private static readonly DecisionRecord Decision = TestTenants.Decision("acme", 1, 0);

    private static readonly DecisionRecord Unbounded = Decision with { Arms = [.. Decision.Arms.Select(arm => arm with { BoundUsd = 0 })] };

    [Fact]
    public void A_record_from_before_origins_were_kept_is_read_and_open_to_reports()
    {
        var decoded = DecisionCodec.Decode(Columns(Decision), Convert.FromHexString(Layout1));
        Assert.Equivalent(Unbounded with { Origin = DecisionOrigin.Route }, decoded, strict: true);
        Assert.Equal(Layout1[8..], Convert.ToHexStringLower(DecisionCodec.Encode(Decision).Record.Span[4..^20]));
    }

    [Fact]
    public void A_record_from_before_bounds_were_kept_is_read_without_any()
    {
        var decoded = DecisionCodec.Decode(Columns(Decision), Convert.FromHexString("02" + Layout1[2..] + "01000000"));
        Assert.Equivalent(Unbounded with { Origin = DecisionOrigin.Call }, decoded, strict: true);
        Assert.Equal(0, decoded.BoundUsd);
    }

    [Fact]
    public void A_record_comes_back_as_it_was()
    {
        var decoded = DecisionCodec.Decode(Columns(Decision), DecisionCodec.Encode(Decision).Record.Span);
        Assert.Equivalent(Decision, decoded, strict: true);
        Assert.Equal(0.02, decoded.BoundUsd);
    }

    [Theory]
    [InlineData(DecisionOrigin.Route)]
    [InlineData(DecisionOrigin.Call)]
    public void The_origin_comes_back(DecisionOrigin origin)
    {
        var encoded = DecisionCodec.Encode(Decision with { Origin = origin });
        Assert.Equal(origin, DecisionCodec.Decode(Columns(Decision), encoded.Record.Span).Origin);
    }

    [Fact]
    public void A_place_in_a_conversation_comes_back_and_stands_behind_what_releases_before_read()
    {
        var placed = Decision with
        {
            Conversation = new ConversationPlace
            {
                Turn = new ConversationTurn { Key = ulong.MaxValue, Previous = 2, Prefix = 3, Whole = 4, IsStored = true, PrefixTokens = 5.5, MarkedTokens = 6, Hold = ConversationHold.ToolResult },
                Number = 7,
                PreviousOrdinal = 8,
                PreviousArm = "gone",
                Choice = ConversationChoice.Switched,
                Preferred = Decision.Arms[1].ArmId,
                LastingTurns = 2.5,
                IsMixed = true,
            },
            Arms = [Decision.Arms[0], Decision.Arms[1] with { CachedTokens = 1234.5 }],
        };
        var (before, record) = (DecisionCodec.Encode(Decision).Record, DecisionCodec.Encode(placed).Record);
        Assert.Equivalent(placed, DecisionCodec.Decode(Columns(placed), record.Span), strict: true);
        Assert.True(record.Span.StartsWith(before.Span));
        Assert.Throws<InvalidDataException>(() => DecisionCodec.Decode(Columns(placed), record.Span[..^4]));
    }

    [Fact]
    public void User_and_key_come_back_and_cost_nothing_where_there_are_none()
    {
        var known = Decision with { User = ulong.MaxValue - 1, UserWeight = 0.25, Key = "key-1" };
        var record = DecisionCodec.Encode(known).Record;
        Assert.Equivalent(known, DecisionCodec.Decode(Columns(known), record.Span), strict: true);
        Assert.Equal((known.InputTokens, 0.25), DecisionCodec.DecodeFacts(record.Span));
        var anonymous = DecisionCodec.Encode(Decision).Record;
        Assert.Equal((Decision.InputTokens, 1), DecisionCodec.DecodeFacts(anonymous.Span));
        Assert.Equal(3, anonymous.Span[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void A_layout_that_is_not_known_is_refused_by_number(int layout)
    {
        var record = DecisionCodec.Encode(Decision).Record.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(record, layout);
        var error = Assert.Throws<InvalidDataException>(() => DecisionCodec.Decode(Columns(Decision), record));
        Assert.Contains($"layout {layout}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decision_by_price_has_a_layout_that_releases_without_such_decisions_refuse()
    {
        var priced = Decision with { FeatureSchema = DecisionRecord.NoFeatures, Context = [] };
        var record = DecisionCodec.Encode(priced).Record.ToArray();
        Assert.Equal(5, BinaryPrimitives.ReadInt32LittleEndian(record));
        Assert.InRange(BinaryPrimitives.ReadInt32LittleEndian(DecisionCodec.Encode(Decision).Record.Span), 3, 4);
        Assert.Equivalent(priced, DecisionCodec.Decode(Columns(priced), record), strict: true);
        Assert.Equal((priced.Task, priced.Key), (DecisionCodec.DecodeTask(record), DecisionCodec.DecodeKey(record)));
        Assert.Equal((priced.InputTokens, priced.UserWeight), DecisionCodec.DecodeFacts(record));
    }

    private static DecisionColumns Columns(DecisionRecord decision) => new(
        decision.Tenant, decision.DecisionId, decision.Ordinal, decision.AppliedSequence, decision.At, decision.FeatureSchema, decision.Context, decision.Pinned, decision.ChosenArm);
}
