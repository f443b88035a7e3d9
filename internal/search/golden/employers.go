package golden

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// employers is how many enterprises the corpus has.
const employers = 3000

// employer is an invented enterprise.
type employer struct {
	id, name string
	city     int // its own, as in world.cities
}

// groups are the first digits of the classifier that enterprises train for, as often as they do.
const groups = "01 02 03 04 04 05 06 06 07 07 07 07 07 08 09 09 10 10"

// addEmployers invents enterprises: what each trains for, its city, and a name that no other one has. Each is drawn by itself, so that the names remain
// when the reference data grows.
func (w *world) addEmployers() {
	taken := map[string]bool{}
	for n := uint64(0); len(w.employers) < employers; n++ {
		r := rand.New(rand.NewPCG(n, employers))
		group := word(r, groups)
		name, key := newName(r, group)
		// A dash, a space or none between the words makes no other name: people don't remember which.
		key = strings.NewReplacer(" ", "", "-", "").Replace(key)
		if taken[key] {
			continue
		}
		taken[key] = true
		w.employerAt[group] = append(w.employerAt[group], len(w.employers))
		w.employers = append(w.employers, employer{id: fmt.Sprintf("ent_%032x", n), name: name, city: w.city(r)})
	}
}

// employer draws who posts a place: mostly one of the trade's own branch, the first ones more often because some are large.
func (w *world) employer(r *rand.Rand, group string) employer {
	own := w.employerAt[group]
	if len(own) == 0 || r.IntN(8) == 0 {
		return w.employers[r.IntN(len(w.employers))]
	}
	return w.employers[own[min(r.IntN(len(own)), r.IntN(len(own)))]]
}

// newName invents a name; key is the part that must be the only one of its kind.
func newName(r *rand.Rand, group string) (name, key string) {
	if (group == "01" || group == "09") && r.IntN(3) == 0 {
		return publicName(r, group)
	}
	switch at := r.IntN(100); {
	case at < 45: // Kazakh words
		key = word(r, kazakhFirst) + " " + word(r, kazakhSecond)
	case at < 68: // Russian ones
		key = word(r, russianFirst) + pick(r, "-", "-", " ", "") + word(r, russianSecond)
	case at < 80:
		key = strings.ReplaceAll(word(r, latinFirst)+" "+word(r, latinSecond), "_", " ")
	default:
		key = word(r, surnames) + " " + word(r, initials) + "."
		return "ИП " + key, key
	}
	return pick(r, "ТОО", "ТОО", "ТОО", "ТОО", "АО", "ЖШС", "ПК") + " «" + key + "»", key
}

// publicName invents a school's or a clinic's.
func publicName(r *rand.Rand, group string) (name, key string) {
	number := 1 + r.IntN(60)
	if group == "01" {
		key = fmt.Sprintf("%s №%d", pick(r, "Средняя школа", "Ясли-сад", "Жалпы білім беретін мектеп", "Балабақша"), number)
		return "КГУ «" + key + "»", key
	}
	key = fmt.Sprintf("%s №%d", pick(r, "Городская поликлиника", "Городская больница", "Қалалық емхана", "Қалалық аурухана"), number)
	return "ГКП на ПХВ «" + key + "»", key
}

func word(r *rand.Rand, of string) string { return pick(r, strings.Fields(of)...) }

// The words that names are made of. None is a real enterprise's whole name by intention.
const (
	kazakhFirst = `Сарыарқа Алатау Жетісу Ертіс Есіл Тобыл Жайық Ұлытау Бурабай Көкше Баянауыл Қаратау Мұғалжар Тарбағатай Отырар Сығанақ Керуен Шаңырақ
		Көктем Байтерек Тұлпар Бүркіт Сұңқар Қыран Арлан Алтын Күміс Темір Болат Нұрлы Жарқын Ақжол Дархан Парасат Ырыс Айқын Ұлы Ақбұлақ Қызылжар Жібек
		Мерей Арман Болашақ Таңшолпан Шұғыла Өркен Үміт Іскер Әсем Һауа Шыңдау Қазына Өрнек Береке Дәстүр Ғасыр`
	kazakhSecond = `Энерго Құрылыс Металл Агро Сервис Моторс Логистик Строй Пром Монтаж Транс Нан Сүт Тігін Жиһаз Софт Дизайн Мед Фарм Тур Телеком Мұнай
		Геология Кен Көлік Жол Газ Жылу Пласт Химия Трейд Групп Инвест Консалт Сауда Қызмет Өнім Әлемі Шаруашылығы Компаниясы`
	russianFirst = `Степь Восход Рассвет Прогресс Гранит Магистраль Кристалл Вектор Монолит Родник Колос Авангард Меридиан Орион Каскад Импульс Феникс Альянс
		Эталон Пионер Надежда Заря Стрела Легион Горняк Высота Изумруд Фортуна Маяк Оазис Акация Берег Салют Созвездие`
	russianSecond = `Сервис Строй Плюс Агро Транс Мед Энерго Торг Монтаж Авто Центр Проект Пром Снаб Инжиниринг Дом Мебель Хлеб Связь Техника`
	latinFirst    = `Nomad Steppe Silk_Road Caspian Tengri Eurasia Blue_Sky Apple_Tree Golden_Eagle Snow_Leopard Saryarka Altyn Qazyna Zhuldyz Jetisu Green_Hill
		Smart Digital North_Star Orda`
	latinSecond = `Solutions Engineering Systems Logistics Foods Hotels Technologies Drilling Studio Medical Motors Energy Group Construction Consulting Agro Service Lab`
	surnames    = `Нұрланова Ахметов Ибраева Сейітқалиев Оспанова Жұмабаев Кенжебекова Байжанов Төлегенова Сапаров Мұхамедияр Қасымова Әбдірахманов Есенгелдина
		Бекмұратов Шәріпова Ысқақов Рахимова Иванова Петров Ким Цой Шевченко Мельник Бондаренко Смирнова Кузнецов Попова Морозов Павлова Волков Лебедева
		Соколов Новиков Юсупова Хасанов Вагнер Шмидт Алиев Гусейнова Досжанов Құрманғалиева Серікбаев Омарова Тұрсынов`
	initials = `А Б В Г Д Е Ж З И К Л М Н О П Р С Т У Ш Ә Қ`
)
