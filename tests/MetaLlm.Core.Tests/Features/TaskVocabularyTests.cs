using System.Buffers;
using System.Globalization;
using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Features;

public sealed class TaskVocabularyTests
{
    [Fact]
    public void Up_to_as_many_tags_as_slots_nothing_is_counted_and_each_keeps_the_slot_it_came_for()
    {
        var tasks = Full();
        for (var i = 0; i < 5000; i++)
        {
            tasks.Add(Tag(i * i % TaskVocabulary.Slots));
        }

        Assert.False(tasks.IsCounting);
        Assert.Equal(Enumerable.Range(0, TaskVocabulary.Slots).Select(Tag), tasks.Tags);
    }

    [Fact]
    public void Tags_that_come_once_use_no_slots_up()
    {
        // Whoever can name a task fills every slot with noise before the tenant's own tasks come.
        var tasks = new TaskVocabulary();
        for (var i = 0; i < 10_000; i++)
        {
            tasks.Add(Noise(i));
        }

        for (var i = 0; i < 4000; i++)
        {
            tasks.Add(i % 2 == 0 ? Tag(i / 2 % 12) : Noise(10_000 + i));
        }

        Assert.All(Enumerable.Range(0, 12), i => Assert.Contains(Tag(i), tasks.Tags));
        Assert.Equal(12, Enumerable.Range(0, 12).Select(i => tasks.SlotOf(Tag(i))).Distinct().Count());
    }

    [Fact]
    public void A_tag_that_is_in_use_keeps_its_slot_however_many_others_come_once()
    {
        var tasks = Full();
        for (var i = 0; i < 50_000; i++)
        {
            tasks.Add(i % 5 == 0 ? Tag(i / 5 % TaskVocabulary.Slots) : Noise(i));
        }

        Assert.Equal(Enumerable.Range(0, TaskVocabulary.Slots).Select(Tag), tasks.Tags);
    }

    [Fact]
    public void A_new_task_takes_the_slot_of_one_that_is_over()
    {
        var tasks = Full();
        for (var i = 0; i < 3000; i++)
        {
            tasks.Add(i % 6 == 0 ? "new" : Tag(1 + (i % (TaskVocabulary.Slots - 1))));
        }

        Assert.Equal(0, tasks.SlotOf("new"));
        Assert.Equal("new", tasks.Tags[0]);
        Assert.Equal(Enumerable.Range(1, TaskVocabulary.Slots - 1).Select(Tag), tasks.Tags.Skip(1));
        Assert.InRange(tasks.SlotOf(Tag(0)), 0, TaskVocabulary.Slots - 1);
    }

    [Fact]
    public void Counts_survive_a_snapshot()
    {
        var map = new FeatureMap("m", Support.Log.Reduction());
        for (var i = 0; i < 3000; i++)
        {
            map.Tasks.Add(i < TaskVocabulary.Slots ? Tag(i) : i % 9 == 0 ? Tag(i % 40) : Noise(i));
        }

        Assert.True(map.Tasks.IsCounting);
        var bytes = Save(map);
        var again = new FeatureMap("m", Support.Log.Reduction());
        var reader = new StateReader(bytes);
        again.Read(ref reader);
        Assert.Equal(bytes, Save(again));
        for (var i = 0; i < 500; i++)
        {
            map.Tasks.Add(Tag(i % 60));
            again.Tasks.Add(Tag(i % 60));
        }

        Assert.Equal(Save(map), Save(again));
    }

    private static TaskVocabulary Full()
    {
        var tasks = new TaskVocabulary();
        for (var i = 0; i < TaskVocabulary.Slots; i++)
        {
            tasks.Add(Tag(i));
        }

        return tasks;
    }

    private static byte[] Save(FeatureMap map)
    {
        var bytes = new ArrayBufferWriter<byte>();
        map.Write(new StateWriter(bytes));
        return bytes.WrittenSpan.ToArray();
    }

    private static string Tag(int i) => string.Create(CultureInfo.InvariantCulture, $"task-{i}");

    private static string Noise(int i) => string.Create(CultureInfo.InvariantCulture, $"noise-{i}");
}
