using System.Buffers;
using MetaLlm.Core.Budgets;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Budgets;

public sealed class SpendLedgerTests
{
    [Fact]
    public void A_ledger_that_was_saved_without_bounds_goes_on_with_the_bytes_of_one_that_never_was()
    {
        var straight = new SpendLedger();
        straight.Reserve(0.25, 0.1234567 + 0.5);
        straight.Release(0.25, 0.1234567 + 0.5);
        Assert.False(straight.HoldsMore);
        var reloaded = new SpendLedger();
        var reader = new StateReader(Save(straight, held: false));
        reloaded.Read(ref reader, held: false);

        straight.Reserve(0.25, 0.75);
        reloaded.Reserve(0.25, 0.75);
        Assert.Equal(Save(straight, held: true), Save(reloaded, held: true));
    }

    private static byte[] Save(SpendLedger ledger, bool held)
    {
        var bytes = new ArrayBufferWriter<byte>();
        ledger.Write(new StateWriter(bytes), held);
        return bytes.WrittenSpan.ToArray();
    }
}
